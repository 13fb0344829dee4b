import ArgumentParser
import Datasets
import Evaluation
import Foundation
import TensorCore
import Training
import VisionModels

/// `mergeshift train`: a base model, heads and experts for one's own image folders.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a base model, heads and experts for image folders.",
    discussion: """
      Each task is a folder with its training images in train/CLASS/* and its test images, which \
      are not trained on, in test/CLASS/*. If there is no validation/CLASS/*, a share of the \
      training images is held back. Data sets in other layouts (IDX files, SVHN, GTSRB and so on) \
      are known by their files: the training split is trained on. The output is a suite: \
      suite.yaml, models/, heads/ and training.json, which says what was trained how. An \
      interrupted training goes on when the command is given again.
      """)

  @Option(
    parsing: .upToNextOption, help: "The tasks.",
    transform: NamedFolder.init(argument:))
  var tasks: [NamedFolder]

  @Option(
    parsing: .upToNextOption,
    help: "NAME=CLASS,CLASS,..., the classes of a task that are kept. All unless given.")
  var classes: [NamedPath] = []

  @Option(help: ArgumentHelp("The folder of the suite that is made.", valueName: "dir"))
  var output: String

  @Option(
    help: """
      A pretrained model to start from, a checkpoint's folder or file; the model's sizes are then \
      its own, and nothing is pretrained.
      """)
  var base: String?

  @Option(
    parsing: .upToNextOption,
    help: "Which stages: pretrain, heads, experts. All that are not done yet unless given.")
  var stage: [StageArgument] = []

  @Option(
    parsing: .upToNextOption,
    help: "The tasks whose images stay of their class in a mirror; they are flipped at random.")
  var mirror: [String] = []

  @Option(help: "Seeds initialisation, order and augmentation.")
  var seed: UInt64 = 1

  @Option(help: "The share of training images held back for validation.")
  var validation: Double = 0.1

  @OptionGroup var unreadable: UnreadableImagesOptions

  @OptionGroup var limits: LimitOptions

  @OptionGroup(title: "Loading") var loading: LoadingArguments
  @OptionGroup(title: "Model") var model: ModelArguments
  @OptionGroup(title: "Optimisation") var optimization: OptimizationArguments

  @Option(help: "How many threads share the work; all cores unless given.")
  var threads: Int?

  func validate() throws {
    guard (0...0.5).contains(validation) else {
      throw ValidationError("--validation \(validation): a share from 0 to 0.5 is needed")
    }
    if let threads, threads < 1 { throw ValidationError("--threads: at least 1") }
    for name in mirror where !tasks.contains(where: { $0.name == name }) {
      throw ValidationError("--mirror \(name): no such task in --tasks")
    }
    for name in classes.map(\.name) where !tasks.contains(where: { $0.name == name }) {
      throw ValidationError("--classes \(name): no such task in --tasks")
    }
  }

  private func classes(of task: NamedFolder) -> [String]? {
    classes.last { $0.name == task.name }.map { $0.path.split(separator: ",").map(String.init) }
  }

  /// The output folder's name with dashes for what no plain name may hold.
  private var suiteName: String {
    let name = URL(filePath: output).standardizedFileURL.lastPathComponent
    let plain = String(name.map { NamedFolder.plainCharacters.contains($0) ? $0 : "-" })
    return plain.first?.isLetter == true ? plain : "suite-\(plain)"
  }

  func run() throws {
    try CommandFailure.reporting {
      if let threads { Parallel.threadCount = threads }
      let settings = optimization.settings(seed: seed, model: model.settings)
      let base = try base.map { path in
        let checkpoint = try VisionCheckpoint.load(path, options: loading.options)
        return GivenBase(checkpoint, preprocessing: try checkpoint.imagePreprocessing(path))
      }
      let preprocessing = base?.preprocessing ?? TrainingPipeline.preprocessing(settings.model)
      var skipped: [SkippedImages] = []
      let loaded = try tasks.map { task in
        StandardError.write("Reading \(task.name) from \(task.path)\n")
        return try task.load(
          classes: classes(of: task), by: preprocessing, validationFraction: validation,
          seed: seed,
          isMirrorInvariant: mirror.contains(task.name),
          skipped: unreadable.skipUnreadable ? { skipped.append($0) } : nil)
      }
      let folder = TrainingFolder(output)
      let pipeline = try TrainingPipeline(
        tasks: loaded, settings: settings, folder: folder, base: base)
      let description = SuiteDescription(
        name: suiteName,
        backbone: base.map { BackboneCatalog.name(of: $0.checkpoint.configuration) }
          ?? "vit-\(model.width)x\(model.layers)-\(model.patchSize)",
        tasks: tasks.map { ($0.name, $0.testImages(classes: classes(of: $0))) })
      try description.write(to: folder)
      let printer = TrainingPrinter()
      let stages = stage.isEmpty ? Set(TrainingStage.allCases) : Set(stage.map(\.value))
      let record = try pipeline.run(stages, observe: printer.observe)
      print(TrainingPrinter.table(record))
      UnreadableImagesOptions.report(skipped)
    }
  }
}

/// A stage as an argument.
struct StageArgument: ExpressibleByArgument {
  let value: TrainingStage

  init?(argument: String) {
    guard let stage = TrainingStage(rawValue: argument) else { return nil }
    value = stage
  }

  static var allValueStrings: [String] { TrainingStage.allCases.map(\.rawValue) }
}
