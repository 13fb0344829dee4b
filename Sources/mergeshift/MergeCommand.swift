import ArgumentParser
import Checkpoints
import Configuration
import Foundation
import Merging
import VisionModels

/// `mergeshift merge`: from experts' checkpoints to a merged one.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge experts of one base model into one checkpoint.",
    discussion: """
      Checkpoints are folders with config.json and model.safetensors (Hugging Face's CLIP, ViT and \
      DINOv2, sharded or not), or files of weights, safetensors or state dicts of torch.save, in the \
      names of Hugging Face or open_clip. The merged one has the names, order and types of the base \
      model's file and all of its other tensors; beside it lie the merging coefficients, \
      coefficients.json, which --coefficients applies again (fisher has none). The methods that look \
      at images need each task's head and images (folders with one folder per class, whose names they \
      do not see).
      """)

  @Option(help: "The checkpoint of the base model: a folder or a file.", completion: .file())
  var base: String

  @Option(help: "NAME=PATH, the expert of a task; one for each task.")
  var expert: [NamedPath]

  @Option(help: "The method; 'mergeshift list methods' shows them.")
  var method: String?

  @Option(help: "A coefficients.json to apply instead of a method.")
  var coefficients: String?

  @Option(help: "The folder for the merged checkpoint.", completion: .directory)
  var output: String

  @Flag(help: "Replace a checkpoint that is in the output folder.")
  var overwrite = false

  @OptionGroup var limits: LimitOptions

  @OptionGroup(title: "Loading") var loading: LoadingArguments

  @OptionGroup(title: "Method options") var options: MethodOptions

  @OptionGroup(title: "Methods that adapt") var adaptation: AdaptationOptions

  func validate() throws {
    guard (method == nil) != (coefficients == nil) else {
      throw ValidationError("give either --method or --coefficients")
    }
    if coefficients != nil, !options.given.isEmpty || !adaptation.isEmpty {
      throw ValidationError("--coefficients takes no options of methods")
    }
  }

  func run() throws {
    try CommandFailure.reporting {
      let model = URL(filePath: output).appending(path: "model.safetensors")
      guard overwrite || !FileManager.default.fileExists(atPath: model.path(percentEncoded: false))
      else {
        throw CommandFailure.input("\(output) has a checkpoint already; --overwrite replaces it")
      }
      let method = try makeMethod()
      let checkpoint = try VisionCheckpoint.load(base, options: loading.options)
      let bank = try taskVectors(of: checkpoint)
      let merged: MergedModel
      if let method {
        let data = try adaptation.data(
          for: method, tasks: bank.tasks, checkpoint, at: base)
        merged = try method.merge(bank, adaptingTo: data)
        guard merged.isShared else {
          throw CommandFailure.input(
            "\(method.name) keeps the experts apart: it makes no merged checkpoint")
        }
      } else {
        merged = try MergedModel(bank, MergingCoefficients(contentsOf: coefficients!))
      }
      try write(merged, like: checkpoint)
      print("\(output): \(bank.tasks.count) experts merged")
    }
  }

  private func makeMethod() throws -> (any MergingMethod)? {
    guard let method else { return nil }
    return try MethodCatalog.entry(named: method).method(
      options: ParameterReader(options.node, file: "the command line", field: method))
  }

  /// Loads the experts and holds them against the base model; all that doesn't fit is told at once.
  private func taskVectors(of checkpoint: VisionCheckpoint) throws -> TaskVectorBank {
    var experts: [(task: String, parameters: StateDict)] = []
    var mismatches: [ExpertComparison.Mismatch] = []
    var problems: [String] = []
    for expert in expert {
      do throws(ModelError) {
        let loaded = try VisionCheckpoint.load(
          expert.path, options: loading.options, completing: checkpoint)
        let differences = ExpertComparison.mismatches(
          of: expert.name, loaded.configuration, base: checkpoint.configuration)
        mismatches += differences
        if differences.isEmpty { experts.append((expert.name, loaded.parameters)) }
      } catch {
        problems.append("\(error)")
      }
    }
    guard problems.isEmpty && mismatches.isEmpty else {
      mismatches += experts.flatMap {
        ExpertComparison.mismatches(of: $0.task, $0.parameters, base: checkpoint.parameters.layout)
      }
      if !mismatches.isEmpty { problems.append("\(MergingError.incompatibleExperts(mismatches))") }
      throw CommandFailure.input(problems.joined(separator: "\n"))
    }
    return try TaskVectorBank(base: checkpoint.parameters, experts: experts)
  }

  private func write(_ merged: MergedModel, like base: VisionCheckpoint) throws {
    var model = base
    model.parameters = merged.shared
    try model.write(to: output)
    try merged.writeCoefficients(
      to: URL(filePath: output).appending(path: "coefficients.json").path(percentEncoded: false))
  }
}

/// The options that methods take, as a plan writes them; each method refuses those it does not have.
struct MethodOptions: ParsableArguments {
  @Option(help: "The weight of the task vectors (default: 0.3).")
  var lambda: String?

  @Option(help: "The share of entries that TIES and ++ keep (default: 0.2).")
  var density: String?

  @Option(help: "Of methods that adapt: paper or fusionbench.")
  var adaptation: String?

  @Option(help: "Steps of the adaptation, instead of the published ones.")
  var steps: String?

  @Option(help: "Batches of each task and step, instead of the published ones.")
  var batchesPerStep: String?

  @Option(help: "Adam's learning rate (default: 0.001).")
  var learningRate: String?

  @Option(help: "Where all coefficients start (default: 0.3).")
  var initialCoefficient: String?

  @Option(help: "Whether coefficients are held in 0...1: true or false.")
  var clamp: String?

  @OptionGroup var others: OtherMethodOptions

  /// What was given, under the names of plans.
  var given: [(key: String, value: String)] {
    let all = [
      ("lambda", lambda), ("density", density), ("adaptation", adaptation), ("steps", steps),
      ("batches_per_step", batchesPerStep), ("learning_rate", learningRate),
      ("initial_coefficient", initialCoefficient), ("clamp", clamp),
    ]
    return all.compactMap { key, value in value.map { (key, $0) } }
      + others.option.map { ($0.name, $0.value) }
  }

  func validate() throws {
    try OtherMethodOptions.refuseRepetitions(given.map(\.key))
  }

  var node: YAMLNode { OtherMethodOptions.node(given) }
}
