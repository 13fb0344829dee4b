import Checkpoints
import Merging
import TensorCore
import TestSupport
import VisionModels

/// The models, heads and images of the committed parity set, for tests that need a real encoder; its
/// numbers are compared in `ParityTests`.
struct ParitySet {
  let bank: TaskVectorBank
  let encoder: VisionTransformer
  let heads: [ClassificationHead]
  let images: [Tensor]

  init() throws {
    let folder = ParityGoldens.path
    let base = try VisionCheckpoint.load("\(folder)/base")
    bank = try TaskVectorBank(
      base: base.parameters,
      experts: (0..<2).map {
        ("task\($0)", try VisionCheckpoint.load("\(folder)/ft\($0)").parameters)
      })
    heads = try (0..<2).map { task in
      let head = try ClassificationHead(contentsOf: "\(folder)/head\(task).safetensors")
      return head.named((0..<head.classCount).map { "class\($0)" })
    }
    let inputs = try SafetensorsFile(path: "\(folder)/inputs.safetensors")
    images = try (0..<2).map { try inputs.tensor(named: "x\($0)") }
    encoder = VisionTransformer(configuration: base.configuration)
  }

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
