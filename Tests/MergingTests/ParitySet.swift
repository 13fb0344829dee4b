import Checkpoints
import Foundation
import Merging
import TensorCore
import VisionModels

/// The goldens of PyTorch: models, heads, images, and what came of them.
struct ParitySet {
  let bank: TaskVectorBank
  let encoder: VisionTransformer
  let heads: [ClassificationHead]
  let images: [Tensor]
  private let golden: SafetensorsFile

  init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")
      .path(percentEncoded: false)
    let encoder = VisionTransformer(
      configuration: try ViTConfiguration(contentsOf: "\(folder)/config.json"))
    func parameters(_ name: String) throws -> StateDict {
      try SafetensorsFile(path: "\(folder)/\(name).safetensors").stateDict(for: encoder.layout)
    }
    let golden = try SafetensorsFile(path: "\(folder)/golden.safetensors")
    let count = golden.names.count { $0.hasPrefix("head") }
    bank = try TaskVectorBank(
      base: parameters("base"),
      experts: (0..<count).map { ("task\($0)", try parameters("expert\($0)")) })
    heads = try (0..<count).map { task in
      let weights = try golden.tensor(named: "head\(task)")
      return ClassificationHead(
        classNames: (0..<weights.rowCount).map { "class\($0)" }, weights: weights)
    }
    images = try (0..<count).map { try golden.tensor(named: "input\($0)") }
    self.encoder = encoder
    self.golden = golden
  }

  func golden(_ name: String) throws -> [Float] { try golden.tensor(named: name).values }

  /// The images of every task as the one batch that comes again and again.
  var data: AdaptationData {
    AdaptationData(
      encoder: encoder,
      tasks: bank.tasks.indices.map {
        .init(name: bank.tasks[$0], head: heads[$0], batches: SameBatch(images: images[$0]))
      })
  }

  /// The batches of one step.
  var batches: [(task: String, head: ClassificationHead, images: Tensor)] {
    bank.tasks.indices.map { (bank.tasks[$0], heads[$0], images[$0]) }
  }
}

/// One batch, over and over.
struct SameBatch: UnlabeledBatches {
  let images: Tensor

  mutating func next() -> Tensor { images }
}
