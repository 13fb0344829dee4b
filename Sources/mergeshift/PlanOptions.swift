import ArgumentParser
import Corruptions
import Evaluation
import Merging
import Results
import TensorCore

/// What a command line changes of a plan, the same for a run on one machine and for the workers of one
/// on many.
struct PlanOptions: ParsableArguments {
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

  @Flag(
    help: """
      Keep the prediction on every image too, in predictions.csv; cells that are finished without \
      are computed again.
      """)
  var predictions = false

  @Option(
    help: """
      Memory for prepared images, in MiB, which methods share; test sets that take more go to \
      temporary files. 0: every cell prepares its own. Changes no result.
      """)
  var imageMemory = 2048

  @OptionGroup var unreadable: UnreadableImagesOptions

  func validate() throws {
    guard imageMemory >= 0 else { throw ValidationError("--image-memory is at least 0") }
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

  /// The plan with these changes.
  ///
  /// - Throws: if it can't be read, also what is wrong with the recipes, models and images that it
  ///   names.
  func plan(at path: String, library: RecipeLibrary) throws -> Plan {
    var overrides = PlanOverrides(
      severities: severity.isEmpty ? nil : severity, seeds: seed.isEmpty ? nil : seed)
    overrides.steps = steps
    overrides.batchesPerStep = batchesPerStep
    overrides.batchSize = batchSize
    overrides.learningRate = learningRate
    var reading = PlanReading(
      contentsOf: path, methodNames: MethodCatalog.names, overrides: overrides)
    reading.suite?.skipsUnreadable = unreadable.skipUnreadable
    return try reading.checked(library: library)
  }

  /// The cells that are wanted of a plan; nil for all.
  func filter(of plan: Plan) throws -> CellFilter? {
    try only.map { try CellFilter($0, for: plan) }
  }

  /// The store of a run's results.
  func store(in folder: String) -> ResultStore {
    ResultStore(folder: folder, keepsPredictions: predictions)
  }

  /// The command line that says the same.
  var arguments: [String] {
    var words = seed.flatMap { ["--seed", "\($0)"] }
    words += severity.flatMap { ["--severity", "\($0)"] }
    let numbers: [(String, String?)] = [
      ("--steps", steps.map { "\($0)" }), ("--batches-per-step", batchesPerStep.map { "\($0)" }),
      ("--batch-size", batchSize.map { "\($0)" }),
      ("--learning-rate", learningRate.map { "\($0)" }), ("--only", only),
    ]
    for (name, value) in numbers {
      if let value { words += [name, value] }
    }
    if imageMemory != 2048 { words += ["--image-memory", "\(imageMemory)"] }
    if predictions { words.append("--predictions") }
    return words + (unreadable.skipUnreadable ? ["--skip-unreadable"] : [])
  }
}
