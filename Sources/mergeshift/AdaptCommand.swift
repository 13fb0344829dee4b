import ArgumentParser
import Checkpoints
import Communication
import Configuration
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
      coefficients.json, and trajectory.json and .csv, with the loss, each task's entropy and signs \
      of a collapse to one class, and the mean coefficients at every step. The model is then measured \
      on seen and unseen tasks.

      With --checkpoint-every, the folder also gets adaptation-state.json. The same command with \
      --resume goes on from it, bit for bit as if it had not stopped; --steps may be higher then, all \
      else has to be the same.

      A mergeshift that was built with the trait MPI shares one adaptation among the processes that \
      mpirun or srun starts: each prepares and looks at its own part of the images, all make the same \
      steps, and rank 0 writes. The steps are those of one process up to rounding; --resume goes on \
      with any number of processes.
      """)

  @OptionGroup var cell: CellOptions

  @Option(help: "The method; mergeshift list methods shows all.")
  var method = "adamerging-layerwise"

  @Option(name: .customLong("seen"), help: "A task to merge; may be repeated. Default: all others.")
  var seen: [String] = []

  @Option(name: .customLong("unseen"), help: "A task to measure only; may be repeated.")
  var unseen: [String] = []

  @Option(help: "The published settings: paper or fusionbench.")
  private var adaptation: Preset = .paper

  @Option(help: "Steps of the optimizer, instead of the published ones.")
  var steps: Int?

  @Option(help: "Batches per task and step, instead of the published ones.")
  var batchesPerStep: Int?

  @Option(help: "Images per batch, instead of 16.")
  var batchSize: Int?

  @Option(help: "Adam's learning rate, instead of the published one.")
  var learningRate: Double?

  @OptionGroup var options: OtherMethodOptions

  @OptionGroup var checkpoints: CheckpointOptions

  @Option(name: .shortAndLong, help: "The folder for the merged model.")
  var output: String

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    guard [steps, batchesPerStep, batchSize].allSatisfy({ $0.map { $0 > 0 } ?? true }),
      learningRate.map({ $0 > 0 && $0.isFinite }) ?? true
    else { throw ValidationError("steps, batches, batch size and learning rate are above 0") }
    try OtherMethodOptions.refuseRepetitions(options.option.map(\.name))
    if let both = seen.first(where: unseen.contains) {
      throw ValidationError("task '\(both)' is both --seen and --unseen")
    }
  }

  func run() throws {
    try CommandFailure.reporting(inJob: { communicator in
      machine.apply(communicator)
      try adapt(communicator)
    })
  }

  private func adapt(_ communicator: any Communicator) throws {
    let suite = try cell.loadSuite()
    let seen =
      seen.isEmpty ? suite.tasks.map(\.name).filter { !unseen.contains($0) } : seen
    let method = try mergingMethod(communicator)
    let settings = (method as? any AdaptiveMethod)?.settings ?? presetSettings
    let corruption = try cell.corruption(machine)
    let workbench = try Workbench(suite, tasks: seen + unseen)
    let preprocessor = Preprocessor(
      preprocessing: workbench.preprocessing, domain: cell.domain, corruption: corruption,
      seed: cell.seed)
    let bar = ProgressBar(isSilent: !communicator.leads)
    var images: [String: ImageShare] = [:]
    for task in seen + unseen {
      bar.update(0, "preparing \(task)")
      images[task] = try workbench.prepare(task, for: communicator, by: preprocessor)
    }
    let data = AdaptationData(
      encoder: workbench.encoder,
      tasks: seen.map { task in
        workbench.adaptationTask(
          task, share: images[task]!, domain: cell.domain, settings: settings, seed: cell.seed)
      })
    bar.finish()
    let bank = try workbench.bank(of: seen)
    let merged: MergedModel
    if let method = method as? AdaMerging {
      let session = AdaptationSession(
        method: method, output: output, checkpoints: checkpoints,
        origin: workbench.origin(
          of: method, seen: seen, domain: cell.domain, corruption: corruption, seed: cell.seed),
        communicator: communicator)
      merged = try session.run(bank, adaptingTo: data)
    } else {
      merged = try method.merge(bank, adaptingTo: data)
    }
    if communicator.leads { try write(merged, workbench, seen: seen) }
    var table = MeasurementTable()
    for task in seen + unseen {
      let scores = try workbench.score(
        images[task]!, of: task, by: method.name, parameters: try merged.parameters(for: task),
        with: communicator)
      table.append(scores.measurement(of: task, seen: seen.contains(task)))
    }
    guard communicator.leads else { return }
    print("\(method.name), \(cell.domain), \(settings.title)\n\n\(table.text)")
    print("model: \(output)")
    UnreadableImagesOptions.report(workbench.skippedImages)
  }

  /// The method with its options.
  private func mergingMethod(_ communicator: any Communicator) throws -> any MergingMethod {
    let method = try MethodCatalog.entry(named: method).method(
      options: ParameterReader(options.node, file: "the command line", field: method),
      settings: presetSettings)
    guard method.name != Individual().name else {
      throw CommandFailure.input("\(method.name) makes no single model; choose another method")
    }
    guard method is AdaMerging || checkpoints.isEmpty else {
      throw CommandFailure.input("\(method.name) makes no steps to keep or to resume")
    }
    guard method is AdaMerging || communicator.size == 1 else {
      throw CommandFailure.input(
        "\(method.name) runs in one process; \(communicator.size) ranks can share AdaMerging alone")
    }
    return method
  }

  private var presetSettings: AdaMergingSettings {
    var settings = AdaMergingSettings(adaptation == .paper ? .paper : .fusionbench)
    if let steps { settings.steps = steps }
    if let batchesPerStep { settings.batchesPerStep = batchesPerStep }
    if let batchSize { settings.batchSize = batchSize }
    if let learningRate { settings.learningRate = learningRate }
    return settings
  }

  private func write(_ merged: MergedModel, _ workbench: Workbench, seen: [String]) throws {
    var model = workbench.baseModel
    model.parameters = merged.shared
    try model.write(to: output)
    let folder = URL(filePath: output, directoryHint: .isDirectory)
    try merged.writeCoefficients(
      to: folder.appending(path: "coefficients.json").path(percentEncoded: false))
    try Trajectory(merged.trajectory, tasks: seen, experts: seen).write(to: output)
  }
}

/// The presets as the command line takes them.
private enum Preset: String, CaseIterable, ExpressibleByArgument {
  case paper, fusionbench
}
