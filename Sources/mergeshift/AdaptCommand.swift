import ArgumentParser
import Checkpoints
import Evaluation
import Foundation
import Merging
import TensorCore
import VisionModels

/// `mergeshift adapt`: AdaMerging on one stream, and the merged model that comes out.
struct AdaptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adapt",
    abstract: "Adapt a merge to one stream of unlabeled images, and keep the merged model.",
    discussion: """
      The experts of the seen tasks are merged by a method that adapts to their test images, clean \
      or corrupted. The output folder gets the merged checkpoint in the base model's layout, \
      coefficients.json and trajectory.json, with the loss, the entropy of each task and the mean \
      coefficients at every step. The model is then measured on seen and unseen tasks.
      """)

  @OptionGroup var cell: CellOptions

  @Option(help: "The method; mergeshift list methods shows all.")
  var method = "adamerging-layerwise"

  @Option(name: .customLong("seen"), help: "A task to merge; may be repeated. Default: all others.")
  var seen: [String] = []

  @Option(name: .customLong("unseen"), help: "A task to measure only; may be repeated.")
  var unseen: [String] = []

  @Option(name: .customLong("protocol"), help: "The published protocol: paper or fusionbench.")
  private var preset: Preset = .paper

  @Option(help: "Steps of the optimizer, instead of the protocol's.")
  var steps: Int?

  @Option(help: "Batches per task and step, instead of the protocol's.")
  var batchesPerStep: Int?

  @Option(help: "Images per batch, instead of the protocol's.")
  var batchSize: Int?

  @Option(help: "Adam's learning rate, instead of the protocol's.")
  var learningRate: Double?

  @Option(name: .shortAndLong, help: "The folder for the merged model.")
  var output: String

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    guard [steps, batchesPerStep, batchSize].allSatisfy({ $0.map { $0 > 0 } ?? true }),
      learningRate.map({ $0 > 0 && $0.isFinite }) ?? true
    else { throw ValidationError("steps, batches, batch size and learning rate are above 0") }
    if let both = seen.first(where: unseen.contains) {
      throw ValidationError("task '\(both)' is both --seen and --unseen")
    }
  }

  func run() throws {
    machine.apply()
    try CommandFailure.reporting {
      let suite = try cell.loadSuite()
      let seen =
        seen.isEmpty ? suite.tasks.map(\.name).filter { !unseen.contains($0) } : seen
      let workbench = try Workbench(suite, tasks: seen + unseen)
      let preprocessor = Preprocessor(
        preprocessing: workbench.preprocessing, domain: cell.domain,
        corruption: try cell.corruption(machine), seed: cell.seed)
      let method = try MethodCatalog.entry(named: method).method(settings: settings)
      guard method.name != Individual().name else {
        throw CommandFailure.input("\(method.name) makes no single model; choose another method")
      }
      let bar = ProgressBar()
      var images: [String: PreparedImages] = [:]
      for task in seen + unseen {
        bar.update(0, "preparing \(task)")
        images[task] = try workbench.prepare(task, by: preprocessor)
      }
      let data = AdaptationData(
        encoder: workbench.encoder,
        tasks: seen.map { task in
          workbench.adaptationTask(
            task, images: images[task]!, domain: cell.domain, settings: settings, seed: cell.seed)
        },
        onStep: { [steps = settings.steps] step in
          bar.update(
            Double(step.step) / Double(steps),
            "step \(step.step) of \(steps), loss \(String(format: "%.4f", step.loss))")
        })
      let merged = try method.merge(workbench.bank(of: seen), adaptingTo: data)
      bar.finish()
      try write(merged, workbench)
      var table = MeasurementTable()
      for task in seen + unseen {
        let predictions = workbench.predict(
          images[task]!, of: task, parameters: try merged.parameters(for: task))
        table.append(workbench.measure(predictions, of: task, seen: seen.contains(task)))
      }
      print("\(method.name), \(cell.domain), \(settings.title)\n\n\(table.text)")
      print("model: \(output)")
    }
  }

  private var settings: AdaMergingSettings {
    var settings = AdaMergingSettings(preset == .paper ? .paper : .fusionbench)
    if let steps { settings.steps = steps }
    if let batchesPerStep { settings.batchesPerStep = batchesPerStep }
    if let batchSize { settings.batchSize = batchSize }
    if let learningRate { settings.learningRate = learningRate }
    return settings
  }

  private func write(_ merged: MergedModel, _ workbench: Workbench) throws {
    var model = workbench.baseModel
    model.parameters = merged.shared
    try model.write(to: output)
    let folder = URL(filePath: output, directoryHint: .isDirectory)
    try merged.coefficients.write(
      to: folder.appending(path: "coefficients.json").path(percentEncoded: false))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(merged.trajectory)
      .write(to: folder.appending(path: "trajectory.json"), options: .atomic)
  }
}

/// The presets as the command line takes them.
private enum Preset: String, CaseIterable, ExpressibleByArgument {
  case paper, fusionbench
}
