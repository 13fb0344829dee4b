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
      Checkpoints are folders with config.json and model.safetensors (Hugging Face names). The \
      merged one has the names, order and types of the base model's file; beside it lie the merging \
      coefficients, coefficients.json, which --coefficients applies again. The methods that adapt \
      need each task's head and images (folders with one folder per class, whose names they do not \
      see).
      """)

  @Option(help: "The checkpoint folder of the base model.", completion: .directory)
  var base: String

  @Option(help: "NAME=DIR, the expert of a task; one for each task.")
  var expert: [NamedPath]

  @Option(help: "The method; 'mergeshift list methods' shows them.")
  var method: String?

  @Option(help: "A coefficients.json to apply instead of a method.")
  var coefficients: String?

  @Option(help: "The folder for the merged checkpoint.", completion: .directory)
  var output: String

  @Flag(help: "Replace a checkpoint that is in the output folder.")
  var overwrite = false

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
      let checkpoint = try VisionCheckpoint.load(directory: base)
      let bank = try taskVectors(of: checkpoint)
      let merged: MergedModel
      if let method {
        let data = try adaptation.data(for: method, tasks: bank.tasks, checkpoint)
        merged = try method.merge(bank, adaptingTo: data)
        guard merged.isShared else {
          throw CommandFailure.input(
            "\(method.name) keeps the experts apart: it makes no merged checkpoint")
        }
      } else {
        merged = try MergedModel(bank, MergingCoefficients(contentsOf: coefficients!))
      }
      try write(merged)
      print("\(output): \(bank.tasks.count) experts merged")
    }
  }

  private func makeMethod() throws -> (any MergingMethod)? {
    guard let method else { return nil }
    return try MethodCatalog.entry(named: method).method(
      options: ParameterReader(options.node, file: "the command line", field: method))
  }

  private func taskVectors(of checkpoint: VisionCheckpoint) throws -> TaskVectorBank {
    let experts = try expert.map { expert in
      let loaded = try VisionCheckpoint.load(directory: expert.path)
      guard loaded.configuration == checkpoint.configuration else {
        throw CommandFailure.input(
          "\(expert.path)/config.json describes another model than \(base)/config.json")
      }
      return (task: expert.name, parameters: loaded.parameters)
    }
    return try TaskVectorBank(base: checkpoint.parameters, experts: experts)
  }

  private func write(_ merged: MergedModel) throws {
    let (source, target) = (URL(filePath: base), URL(filePath: output))
    do {
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      try Data(contentsOf: source.appending(path: "config.json"))
        .write(to: target.appending(path: "config.json"), options: .atomic)
    } catch {
      throw CommandFailure.input("\(output): can't be written: \(error.localizedDescription)")
    }
    let file = try SafetensorsFile(
      path: source.appending(path: "model.safetensors").path(percentEncoded: false))
    try merged.coefficients.write(
      to: target.appending(path: "coefficients.json").path(percentEncoded: false))
    try SafetensorsWriter.write(
      file.replacing(merged.shared),
      to: target.appending(path: "model.safetensors").path(percentEncoded: false))
  }
}

/// The options that methods take, as a plan writes them; each method refuses those it does not have.
struct MethodOptions: ParsableArguments {
  @Option(help: "The weight of the task vectors (default: 0.3).")
  var lambda: String?

  @Option(help: "The share of entries that TIES and ++ keep (default: 0.2).")
  var density: String?

  @Option(name: .customLong("protocol"), help: "Of methods that adapt: paper or fusionbench.")
  var preset: String?

  @Option(help: "Steps of the adaptation, instead of the protocol's.")
  var steps: String?

  @Option(help: "Batches of each task and step, instead of the protocol's.")
  var batchesPerStep: String?

  @Option(help: "Adam's learning rate (default: 0.001).")
  var learningRate: String?

  @Option(help: "Where all coefficients start (default: 0.3).")
  var initialCoefficient: String?

  @Option(help: "Whether coefficients are held in 0...1: true or false.")
  var clamp: String?

  /// What was given, under the names of plans.
  var given: [(key: String, value: String)] {
    let all = [
      ("lambda", lambda), ("density", density), ("protocol", preset), ("steps", steps),
      ("batches_per_step", batchesPerStep), ("learning_rate", learningRate),
      ("initial_coefficient", initialCoefficient), ("clamp", clamp),
    ]
    return all.compactMap { key, value in value.map { (key, $0) } }
  }

  var node: YAMLNode {
    let entries = given.map { key, value in
      YAMLNode.Entry(key: key, line: 1, value: YAMLNode(.scalar(value, quoted: false), line: 1))
    }
    return YAMLNode(.mapping(entries), line: 1)
  }
}
