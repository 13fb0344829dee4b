import ArgumentParser
import Corruptions
import Evaluation
import Foundation
import Merging
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

      Exit codes: 0 all cells done, 1 some cells failed, 2 the plan or its files can't be used.
      """)

  @Argument(help: "The plan, a YAML file; fixtures/plans holds some.")
  var plan: String

  @Option(name: .shortAndLong, help: "The folder for the results.")
  var output: String

  @Option(help: "A seed to run instead of the plan's; may be repeated.")
  var seed: [UInt64] = []

  @Option(
    help: "A severity, 1 to 5 or between, instead of the plan's; may be repeated.",
    transform: Severity.init(argument:))
  var severity: [Severity] = []

  @Option(help: "AdaMerging's steps instead of the plan's.")
  var steps: Int?

  @Option(help: "Batches of each task in a step instead of the plan's.")
  var batchesPerStep: Int?

  @Option(help: "Images in a batch instead of the plan's.")
  var batchSize: Int?

  @Option(help: "The coefficients' learning rate instead of the plan's.")
  var learningRate: Double?

  @Option(
    help: """
      The cells to run, as method=ties,corruption=fog: conditions on experiment, protocol, method, \
      corruption and task that must all hold; of several values of one, any. Default: all.
      """)
  var only: String?

  @Option(help: "The most cells to compute now; the same command goes on with the others.")
  var limit: Int?

  @Flag(
    help: """
      Keep the prediction on every image too, in predictions.csv; cells that are finished without \
      are computed again.
      """)
  var predictions = false

  @Flag(help: "Check the plan, say how many cells it has and about how long they take, and end.")
  var dryRun = false

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
    guard steps ?? 0 >= 0, batchesPerStep ?? 1 > 0, batchSize ?? 1 > 0 else {
      throw ValidationError("--steps is at least 0, --batches-per-step and --batch-size at least 1")
    }
    if let learningRate, !(learningRate > 0 && learningRate <= 10) {
      throw ValidationError("--learning-rate is above 0 and at most 10")
    }
    guard Set(severity).count == severity.count, Set(seed).count == seed.count else {
      throw ValidationError("give each --severity and each --seed once")
    }
  }

  private var overrides: PlanOverrides {
    var overrides = PlanOverrides(
      severities: severity.isEmpty ? nil : severity, seeds: seed.isEmpty ? nil : seed)
    overrides.steps = steps
    overrides.batchesPerStep = batchesPerStep
    overrides.batchSize = batchSize
    overrides.learningRate = learningRate
    return overrides
  }

  func run() throws {
    machine.apply()
    try CommandFailure.reporting {
      let plan = try Plan(
        contentsOf: plan, methodNames: MethodCatalog.names, overrides: overrides)
      let filter = try only.map { try CellFilter($0, for: plan) }
      var runner = try Runner(
        plan, library: try machine.recipeLibrary(),
        store: ResultStore(folder: output, keepsPredictions: predictions), environment: .current)
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
      for experiment in plan.experiments {
        guard summary.records.contains(where: { $0.experiment == experiment.name }) else { continue }
        if experiment.streams.isCrossed {
          let table = ShiftTable(experiment, records: summary.records)
          print("\(table.title)\n\n\(table.text)")
        } else {
          let tables = PaperTables(experiment, records: summary.records)
          print("\(tables.title)\n\n\(tables.text)")
        }
      }
      let reused = summary.cells - summary.computed
      print(
        "\(summary.cells) cells, \(summary.computed) computed"
          + (reused > 0 ? ", \(reused) found finished" : ""))
      print("results: \(runner.tablePath)")
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
