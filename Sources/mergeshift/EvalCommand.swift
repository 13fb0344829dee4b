import ArgumentParser
import Corruptions
import Evaluation
import Foundation
import Streams
import TensorCore

/// `mergeshift eval`: one checkpoint on test images.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure one checkpoint on the test images of tasks, clean or corrupted.",
    discussion: """
      The checkpoint may be a base model, an expert or a merged model; images and heads are those \
      of the suite.
      """)

  @Argument(help: "The checkpoint: a folder with config.json and weights, or a file of weights.")
  var model: String

  @OptionGroup var cell: CellOptions

  @Option(name: .customLong("task"), help: "A task to measure on; may be repeated. Default: all.")
  var tasks: [String] = []

  @OptionGroup var machine: MachineOptions

  func run() throws {
    machine.apply()
    try CommandFailure.reporting {
      let suite = try cell.loadSuite()
      let names = tasks.isEmpty ? suite.tasks.map(\.name) : tasks
      let workbench = try Workbench(suite, tasks: names, needsExperts: false)
      let parameters = try workbench.parameters(of: model)
      let preprocessor = Preprocessor(
        preprocessing: workbench.preprocessing, domain: cell.domain,
        corruption: try cell.corruption(machine), seed: cell.seed)
      let bar = ProgressBar()
      var table = MeasurementTable()
      for (index, task) in names.enumerated() {
        bar.update(Double(index) / Double(names.count), task)
        let images = try workbench.prepare(task, by: preprocessor)
        let scores = try workbench.score(images, of: task, by: model, parameters: parameters)
        table.append(scores.measurement(of: task, seen: true))
      }
      bar.finish()
      print("\(model), \(cell.domain)\n\n\(table.text)", terminator: "")
      UnreadableImagesOptions.report(workbench.skippedImages)
    }
  }
}

/// What a single cell is measured on.
struct CellOptions: ParsableArguments {
  @Option(help: "The suite: a suite.yaml or its folder. Default: the embedded one.")
  var suite: String?

  @Option(help: "The corruption of the images. Default: none.")
  var corruption: String?

  @Option(
    help: "The corruption's severity, 1 to 5 or between. (default: 3)",
    transform: Severity.init(argument:))
  var severity: Severity = 3

  @Option(help: "How the corruption's recipe is read.")
  var profile = RecipeLibrary.defaultProfile

  @Option(help: "The seed of every random draw.")
  var seed: UInt64 = 0

  @OptionGroup var loading: LoadingArguments

  @OptionGroup var unreadable: UnreadableImagesOptions

  var domain: Domain {
    guard let corruption, corruption != Domain.cleanName else { return .clean }
    return Domain(corruption: corruption, severity: severity)
  }

  func loadSuite() throws -> TaskSuite {
    var suite = try TaskSuite(contentsOf: suite ?? ProjectLocation.fixtures())
    suite.loading = loading.added(to: suite.loading)
    suite.skipsUnreadable = unreadable.skipUnreadable
    return suite
  }

  func corruption(_ machine: MachineOptions) throws -> Corruption? {
    guard let name = domain.corruption else { return nil }
    let corruption = try machine.recipeLibrary().corruption(name, profile: profile)
    // Below 1 not every recipe says how to go on.
    _ = try corruption.pipeline(severity: severity.value)
    return corruption
  }
}
