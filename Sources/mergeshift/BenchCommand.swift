import ArgumentParser
import Corruptions
import Evaluation
import Foundation
import Launching
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

      ^C, SIGTERM or SIGUSR1 end the run when the cell that it is at is done; a second signal ends it \
      at once. Nothing that was finished is lost either way, nor by a crash or a full disk. Cells that \
      failed are finished too, each with its reason in its row, until --retry-failed.

      Exit codes: 0 all cells done, 1 some cells failed, 2 the plan or its files can't be used or \
      results can't be written, 130, 143 or 75 stopped by ^C, SIGTERM or SIGUSR1.
      """)

  @Argument(help: "The plan, a YAML file; fixtures/plans holds some.")
  var plan: String

  @Option(name: .shortAndLong, help: "The folder for the results.")
  var output: String

  @OptionGroup var changes: PlanOptions

  @Option(help: "The most cells to compute now; the same command goes on with the others.")
  var limit: Int?

  @Option(
    help: """
      The method that gains, corruption errors and counts of the printed tables refer to, as \
      ties or "ties (lambda=0.4)". Default: task-arithmetic, where an experiment has it.
      """)
  var baseline: String?

  @Flag(
    help: """
      Compute the cells again that failed, as when an image was gone or a disk was full; their records \
      are kept beside the new ones, as *.failed.
      """)
  var retryFailed = false

  @Flag(help: "Check the plan, say how many cells it has and about how long they take, and end.")
  var dryRun = false

  @OptionGroup(title: "On a cluster") var launch: LaunchOptions

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
    if dryRun, retryFailed {
      throw ValidationError("--dry-run changes nothing, --retry-failed does")
    }
    if launch.launcher != nil, limit != nil {
      throw ValidationError("--limit is for one machine; on a cluster, --only chooses cells")
    }
  }

  func run() throws {
    machine.apply()
    try CommandFailure.reporting {
      let library = try machine.recipeLibrary()
      let plan = try changes.plan(at: plan, library: library)
      let filter = try changes.filter(of: plan)
      if let baseline { try plan.check(baseline: baseline) }
      var runner = try Runner(
        plan, library: library, store: changes.store(in: output),
        environment: .current, memoryLimit: changes.imageMemory << 20)
      if retryFailed {
        let count = try runner.retryFailures(only: filter)
        StandardError.write("\(count) failed cells are computed again\n")
      }
      if launch.launcher == .slurm {
        try SlurmLaunch(
          runner: runner, filter: filter, planPath: self.plan, output: output, changes: changes,
          machine: machine, options: launch, baseline: baseline
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
      let stop = StopRequest(grace: nil) { reason in
        bar.message(
          "\(reason.text): stopping when this cell is done; once more to stop at once")
      } end: { reason in
        bar.finish()
        bar.message(Self.resumption(reason.text))
      }
      let asked = stop.state
      runner.isStopping = { asked.reason != nil }
      bar.message("\(plan.name): \(estimate.text)")
      let summary = try Self.compute(units, by: &runner, bar)
      bar.finish()
      stop.cancel()
      if summary.left > 0, let reason = asked.reason {
        print("\(summary.computed) cells computed, \(summary.left) left")
        print("results: \(runner.tablePath)")
        bar.message(Self.resumption(reason.text))
        throw ExitCode(reason.exitCode)
      }
      for table in Self.tables(plan, summary.records, baseline: baseline) {
        print("\(table.title)\n\n\(table.text)")
      }
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

  /// Computes the cells, and says what happens on the way.
  private static func compute(
    _ units: [RunUnit], by runner: inout Runner, _ bar: ProgressBar
  ) throws(EvaluationError) -> Runner.Summary {
    do throws(EvaluationError) {
      return try runner.run(units) { event in
        switch event {
        case .progress(let fraction, let activity): bar.update(fraction, activity)
        case .finished(let cell, let record):
          guard let reason = record.failure else { return }
          bar.message("failed: \(cell.title): \(reason)")
        case .setAside(let path, let damage):
          bar.message("\(damage.problem); moved to \(path), its cell is computed again")
        }
      }
    } catch {
      bar.finish()
      switch error {
      case .result(.unwritable), .cache: bar.message(resumption("stopped by an error"))
      default: break
      }
      throw error
    }
  }

  /// What is said last when a run ends before its time.
  private static func resumption(_ reason: String) -> String {
    "\(reason); finished cells are kept, this goes on with the others:\n  "
      + ShellText.command(CommandLine.arguments)
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
