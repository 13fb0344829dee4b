import ArgumentParser
import Corruptions
import Evaluation
import Foundation
import Results
import TensorCore

/// `mergeshift bench`: a plan's cells, the table of results and the paper's tables.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Run a plan: every method on every task under every corruption.",
    discussion: """
      Results are kept in the output folder as they come: one file per cell, and results.csv with \
      one row per task and cell. The same command goes on where an interrupted one stopped. The \
      tables go to standard output, progress to standard error.

      With --launcher slurm the cells are shared out to the tasks of a job array, which this command \
      submits; mergeshift status DIR tells how far they are, and the same command goes on with what \
      is left. docs/cluster.md has more, and other launchers.

      Exit codes: 0 all cells done, 1 some cells failed, 2 the plan or its files can't be used.
      """)

  @Argument(help: "The plan, a YAML file; fixtures/plans holds some.")
  var plan: String

  @Option(name: .shortAndLong, help: "The folder for the results.")
  var output: String

  @OptionGroup var changes: PlanOptions

  @Option(help: "The most cells to compute now; the same command goes on with the others.")
  var limit: Int?

  @Flag(help: "Check the plan, say how many cells it has and about how long they take, and end.")
  var dryRun = false

  @OptionGroup(title: "On a cluster") var launch: LaunchOptions

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
    if launch.launcher != nil, limit != nil {
      throw ValidationError("--limit is for one machine; on a cluster, --only chooses cells")
    }
  }

  func run() throws {
    machine.apply()
    try CommandFailure.reporting {
      let plan = try changes.plan(at: plan)
      let filter = try changes.filter(of: plan)
      var runner = try Runner(
        plan, library: try machine.recipeLibrary(), store: changes.store(in: output),
        environment: .current, memoryLimit: changes.imageMemory << 20)
      if launch.launcher == .slurm {
        try SlurmLaunch(
          runner: runner, filter: filter, planPath: self.plan, output: output, changes: changes,
          machine: machine, options: launch
        ).run(dryRun: dryRun)
        return
      }
      let units = runner.units(only: filter, limit: limit)
      let estimate = runner.estimate(units)
      if dryRun {
        print("\(plan.name): \(estimate.text)")
        return
      }
      let bar = ProgressBar()
      let interruption = Interruption(bar)
      bar.message("\(plan.name): \(estimate.text)")
      let summary = try runner.run(units) { event in
        switch event {
        case .progress(let fraction, let activity): bar.update(fraction, activity)
        case .finished(let cell, let record):
          guard let reason = record.failure else { return }
          bar.message("failed: \(cell.title): \(reason)")
        }
      }
      bar.finish()
      interruption.cancel()
      for table in Self.tables(plan, summary.records) { print("\(table.title)\n\n\(table.text)") }
      let reused = summary.cells - summary.computed
      print(
        "\(summary.cells) cells, \(summary.computed) computed"
          + (reused > 0 ? ", \(reused) found finished" : ""))
      print("results: \(runner.tablePath)")
      UnreadableImagesOptions.report(runner.skippedImages)
      if summary.failed > 0 {
        throw CommandFailure.cellsFailed(summary.failed, of: summary.cells)
      }
    }
  }
}

extension Runner.Estimate {
  /// On one line: cells, units, and about how long those take that are left.
  fileprivate var text: String {
    "\(cells) cells in \(units) units, \(pending) to compute, "
      + (pending > 0 ? "about \(ProgressBar.text(seconds)), " : "")
      + "\(Parallel.threadCount) threads"
  }
}

/// The options of every command that computes.
struct MachineOptions: ParsableArguments {
  @Option(help: "The number of threads; all cores by default. Changes no result.")
  var threads: Int?

  @OptionGroup var recipes: RecipeFolderOptions

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads is at least 1") }
  }

  /// Sets the number of threads.
  func apply() {
    if let threads { Parallel.threadCount = threads }
  }

  func recipeLibrary() throws -> RecipeLibrary {
    try recipes.library()
  }
}

/// Says on ^C that nothing is lost, and ends the program.
struct Interruption {
  private let source: any DispatchSourceSignal

  init(_ bar: ProgressBar) {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler {
      bar.finish()
      bar.message("interrupted; finished cells are kept, the same command goes on with the others")
      _exit(130)
    }
    source.resume()
  }

  func cancel() {
    source.cancel()
    signal(SIGINT, SIG_DFL)
  }
}
