import Checkpoints
import Foundation
import Merging
import TensorCore
import Testing
import VisionModels

@Suite("RegMean")
struct RegMeanTests {
  private let set: ParitySet

  init() throws { set = try ParitySet() }

  @Test("It is what least squares on PyTorch's activations make")
  func golden() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")
    let file = try SafetensorsFile(
      path: folder.appending(path: "regmean.safetensors").path(percentEncoded: false))
    let expected = try file.tensor(named: "merged").values
    let found = try RegMean(images: 4).merge(set.bank, adaptingTo: set.data).shared.values
    #expect(expected.count == (found.count + 6) / 7)
    var error: Float = 0
    for (index, value) in expected.enumerated() {
      error = max(error, abs(found[7 * index] - value))
    }
    // The systems' conditions go up to 7e4.
    #expect(error < 1e-3)
  }

  @Test("Inputs of linear layers are those that reach them: patches by hand")
  func patches() throws {
    var products = set.encoder.inputProducts
    let images = set.images[0]
    set.encoder.accumulateInputProducts(of: images, parameters: set.bank.base, into: &products)
    let matrix = try #require(
      products.matrix(of: "vision_model.embeddings.patch_embedding.weight"))
    // The first pixel of each of four patches in the square image.
    let (side, patch) = (set.encoder.imageSize, set.encoder.imageSize / 2)
    var sum: Float = 0
    for image in 0..<images.rowCount {
      for (y, x) in [(0, 0), (0, patch), (patch, 0), (patch, patch)] {
        let value = images.values[image * images.rowLength + y * side + x]
        sum += value * value
      }
    }
    #expect(abs(matrix.values[0] - sum) < 1e-4 * sum)
    #expect(products.matrix(of: "nothing") == nil)
  }

  @Test("Batches add up, and give what all images at once give")
  func batches() throws {
    let images = set.images[0]
    var (whole, parts) = (set.encoder.inputProducts, set.encoder.inputProducts)
    set.encoder.accumulateInputProducts(of: images, parameters: set.bank.base, into: &whole)
    for row in 0..<images.rowCount {
      set.encoder.accumulateInputProducts(
        of: images.rows(row..<row + 1), parameters: set.bank.base, into: &parts)
    }
    for group in whole.groups {
      let (a, b) = (whole.matrix(of: group.weights[0])!, parts.matrix(of: group.weights[0])!)
      #expect(zip(a.values, b.values).allSatisfy { abs($0 - $1) <= 1e-4 * (1 + abs($0)) })
    }
  }

  @Test("Experts that agree are their own merge; what is not linear is averaged")
  func agreement() throws {
    let expert = try set.bank.expert(of: "task0")!
    let bank = try TaskVectorBank(
      base: set.bank.base, experts: [("task0", expert), ("task1", expert)])
    let same = try RegMean(images: 4).merge(bank, adaptingTo: set.data)
    for (found, value) in zip(same.shared.values, expert.values) {
      #expect(abs(found - value) < 1e-5)
    }
    let model = try RegMean(images: 4).merge(set.bank, adaptingTo: set.data)
    let mean = try WeightAveraging().merge(set.bank).shared
    let layers = "vision_model.encoder.layers"
    for name in ["\(layers).0.layer_norm1.weight", "\(layers).1.mlp.fc1.bias"] {
      #expect(model.shared[name] == mean[name])
    }
    #expect(model.shared["\(layers).0.mlp.fc1.weight"] != mean["\(layers).0.mlp.fc1.weight"])
    #expect(model.coefficients == nil)
  }

  @Test("A task without images, NaN and an encoder without linear layers are refused")
  func refused() throws {
    var data = set.data
    data.tasks.removeLast()
    #expect(throws: MergingError.noBatches(method: "regmean")) {
      try RegMean().merge(set.bank, adaptingTo: data)
    }
    var images = set.images[1]
    images.values[0] = .nan
    let head = set.heads[1]
    data.tasks.append(.init(name: "task1", head: head, batches: SameBatch(images: images)))
    #expect(throws: MergingError.self) {
      try RegMean(images: 1).merge(set.bank, adaptingTo: data)
    }
    let encoder = LinearEncoder()
    let other = AdaptationData(encoder: encoder, tasks: data.tasks)
    #expect(throws: MergingError.differentLayout(method: "regmean")) {
      try RegMean().merge(encoder.bank([[1, 0, 0, 0, 0, 0]]), adaptingTo: other)
    }
  }
}
