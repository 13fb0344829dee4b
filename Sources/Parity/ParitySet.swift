internal import Checkpoints
internal import Foundation
internal import Merging
internal import TensorCore
internal import VisionModels

/// A folder of small models, heads and inputs with what PyTorch computed of them in double
/// precision, opened and held against itself.
public struct ParitySet: Sendable {
  public let folder: String
  let golden: ParityGolden
  let tensors: GoldenTensors
  let base: VisionCheckpoint
  let encoder: VisionTransformer
  let bank: TaskVectorBank
  let heads: [ClassificationHead]
  /// `[N, 3, S, S]` of each task.
  let images: [Tensor]

  /// - Throws: `notASet`, and whatever keeps models, heads or inputs from being read.
  public init(_ folder: String) throws(ParityError) {
    self.folder = folder
    golden = try ParityGolden(folder: folder)
    let files =
      ["inputs.safetensors", "golden.safetensors", "ties_masks.safetensors"]
      + (0..<golden.setup.tasks).map { "head\($0).safetensors" }
    if let missing = files.first(where: {
      !FileManager.default.fileExists(atPath: "\(folder)/\($0)")
    }) {
      throw .notASet(folder: folder, reason: "it has no \(missing)")
    }
    tensors = try GoldenTensors("\(folder)/golden.safetensors")
    base = try Self.load("\(folder)/\(golden.setup.base ?? "base")", golden.setup)
    encoder = VisionTransformer(configuration: base.configuration)
    guard Set(golden.setup.tensorNames) == Set(encoder.layout.names) else {
      throw .unsuitable(
        file: "\(folder)/golden.json", name: "setup.tensor_names",
        problem: "should be the base model's parameters, \(encoder.layout.names)")
    }
    var bank: TaskVectorBank
    do {
      bank = try TaskVectorBank(base: base.parameters)
    } catch {
      throw .merging(error)
    }
    for task in 0..<golden.setup.tasks {
      let expert = try Self.expert(task, folder, golden.setup, completing: base)
      do {
        try bank.append("task\(task)", expert)
      } catch {
        throw .merging(error)
      }
    }
    self.bank = bank
    (heads, images) = try Self.tasks(folder, golden.setup, encoder)
  }

  /// The parameters of the expert of `task`, as its files have them.
  func expert(_ task: Int) throws(ParityError) -> StateDict {
    try Self.expert(task, folder, golden.setup, completing: base)
  }

  private static func expert(
    _ task: Int, _ folder: String, _ setup: ParityGolden.Setup, completing base: VisionCheckpoint
  ) throws(ParityError) -> StateDict {
    if let experts = setup.experts, experts.count != setup.tasks {
      throw .unsuitable(
        file: "\(folder)/golden.json", name: "setup.experts",
        problem: "should name one for each of the \(setup.tasks) tasks")
    }
    let path = "\(folder)/\(setup.experts?[task] ?? "ft\(task)")"
    let expert = try load(path, setup, completing: base)
    let differences = expert.configuration.differences(from: base.configuration)
    guard differences.isEmpty else {
      throw .unsuitable(
        file: path, name: differences.map(\.key).joined(separator: ", "),
        problem: "should be the base model's")
    }
    return expert.parameters
  }

  private static func load(
    _ path: String, _ setup: ParityGolden.Setup, completing base: VisionCheckpoint? = nil
  ) throws(ParityError) -> VisionCheckpoint {
    do {
      return try VisionCheckpoint.load(
        path, options: LoadingOptions(activation: setup.hiddenAct), completing: base)
    } catch {
      throw .model(error)
    }
  }

  private static func tasks(
    _ folder: String, _ setup: ParityGolden.Setup, _ encoder: VisionTransformer
  ) throws(ParityError) -> (heads: [ClassificationHead], images: [Tensor]) {
    var heads: [ClassificationHead] = []
    for task in 0..<setup.tasks {
      let path = "\(folder)/head\(task).safetensors"
      do {
        heads.append(try ClassificationHead(contentsOf: path))
      } catch {
        throw .model(error)
      }
      guard heads[task].embeddingWidth == encoder.embeddingWidth,
        Double(heads[task].logitScale) == setup.logitScale
      else {
        throw .unsuitable(
          file: path, name: "weight",
          problem: "should be [classes, \(encoder.embeddingWidth)], of unit rows with a scale of "
            + "\(setup.logitScale)")
      }
    }
    let path = "\(folder)/inputs.safetensors"
    do throws(CheckpointError) {
      let file = try SafetensorsFile(path: path)
      let images = try (0..<setup.tasks).map { (task) throws(CheckpointError) in
        try file.tensor(named: "x\(task)")
      }
      let size = encoder.imageSize
      for (task, batch) in images.enumerated() {
        let expected: Shape = [batch.rowCount, 3, size, size]
        guard batch.rowCount > 0, batch.shape == expected else {
          throw .shapeMismatch(
            file: path, tensor: "x\(task)", expected: [max(1, batch.rowCount), 3, size, size],
            got: batch.shape)
        }
      }
      return (heads, images)
    } catch {
      throw .checkpoint(error)
    }
  }
}
