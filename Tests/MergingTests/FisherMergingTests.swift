import Checkpoints
import Foundation
import Merging
import TensorCore
import Testing
import VisionModels

@Suite("Fisher merging")
struct FisherMergingTests {
  private let set: ParitySet

  init() throws { set = try ParitySet() }

  @Test("With exact expectations it is what autograd makes of the same images")
  func golden() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")
    let file = try SafetensorsFile(
      path: folder.appending(path: "fisher.safetensors").path(percentEncoded: false))
    for (name, normalizes) in [("normalized", true), ("plain", false)] {
      let method = FisherMerging(images: 4, labels: .expected, normalizes: normalizes)
      let found = try method.merge(set.bank, adaptingTo: set.data).shared.values
      let expected = try file.tensor(named: name).values
      #expect(expected.count == (found.count + 6) / 7)
      for (index, value) in expected.enumerated() {
        #expect(abs(found[7 * index] - value) < 2e-5, "\(name) \(7 * index)")
      }
    }
  }

  @Test("Each parameter lies between those of the experts; a key bias in the middle")
  func between() throws {
    let model = try FisherMerging(images: 8).merge(set.bank, adaptingTo: set.data)
    let experts = try set.bank.tasks.map { try set.bank.expert(of: $0)! }
    for (index, value) in model.shared.values.enumerated() {
      let pair = [experts[0].values[index], experts[1].values[index]]
      #expect(value >= pair.min()! - 1e-5 && value <= pair.max()! + 1e-5)
    }
    let bias = "vision_model.encoder.layers.0.self_attn.k_proj.bias"
    for (index, value) in model.shared[bias].values.enumerated() {
      let mean = (experts[0][bias].values[index] + experts[1][bias].values[index]) / 2
      #expect(abs(value - mean) < 1e-6)
    }
    #expect(model.coefficients == nil && model.isShared)
  }

  @Test("Sampled classes depend on the seed alone, not on where vectors are kept")
  func sampling() throws {
    func merged(_ seed: UInt64, memoryLimit: Int = 1 << 30) throws -> StateDict {
      var bank = try TaskVectorBank(base: set.bank.base, memoryLimit: memoryLimit)
      for task in set.bank.tasks { try bank.append(task, try set.bank.expert(of: task)!) }
      return try FisherMerging(images: 6, seed: seed).merge(bank, adaptingTo: set.data).shared
    }
    let first = try merged(0)
    #expect(try merged(0) == first)
    #expect(try merged(0, memoryLimit: 0) == first)
    #expect(try merged(1) != first)
  }

  @Test("It takes whole batches of each task, up to its number of images")
  func stream() {
    let settings = FisherMerging(images: 100).settings
    #expect((settings.steps, settings.batchesPerStep, settings.batchSize) == (7, 1, 16))
  }

  @Test("A task without images, a head of another width and NaN are refused")
  func refused() throws {
    let method = FisherMerging(images: 2)
    var data = set.data
    data.tasks.removeLast()
    #expect(throws: MergingError.noBatches(method: "fisher")) {
      try method.merge(set.bank, adaptingTo: data)
    }
    let head = ClassificationHead(classNames: ["a"], weights: Tensor(zeros: [1, 3]))
    data.tasks.append(.init(name: "task1", head: head, batches: SameBatch(images: set.images[1])))
    #expect(
      throws: MergingError.differentWidth(
        method: "fisher", task: "task1", head: 3, encoder: set.encoder.embeddingWidth)
    ) {
      try method.merge(set.bank, adaptingTo: data)
    }
    var images = set.images[1]
    images.values[0] = .nan
    data.tasks[1] = .init(name: "task1", head: set.heads[1], batches: SameBatch(images: images))
    #expect(
      throws: MergingError.nonFiniteEntropy(
        method: "fisher", task: "task1", step: 1,
        layer: "vision_model.embeddings.patch_embedding.weight")
    ) {
      try method.merge(set.bank, adaptingTo: data)
    }
  }
}
