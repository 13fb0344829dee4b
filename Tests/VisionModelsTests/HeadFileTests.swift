import Checkpoints
import Foundation
import TensorCore
import TestSupport
import Testing
import VisionModels

@Suite("Heads as users have them")
struct HeadFileTests {
  private func written(
    _ folder: TemporaryFolder, _ tensors: [(name: String, tensor: Tensor)],
    _ metadata: [String: String] = [:]
  ) throws -> ClassificationHead {
    let path = "\(folder.path)/head.safetensors"
    try SafetensorsWriter.write(tensors, metadata: metadata, to: path)
    return try ClassificationHead(contentsOf: path)
  }

  @Test("An official head, a whole module, gives PyTorch's logits; its factor becomes the scale")
  func official() throws {
    let golden = try LayoutGolden("head.safetensors")
    let head = try ClassificationHead(contentsOf: LayoutGolden.path("head_Task.pt"))
    #expect(head.logitScale == 100)
    #expect(head.bias == nil)
    #expect(head.normalizesFeatures)
    #expect(!head.hasClassNames)
    #expect(head.classNames == ["0", "1", "2", "3", "4"])
    for row in 0..<5 {
      let length = head.weights.rows(row..<row + 1).values.reduce(0) { $0 + $1 * $1 }
      #expect(abs(length - 1) < 1e-5)
    }
    let error = relativeError(head.logits(of: golden["features"]).values, golden["logits"].values)
    #expect(error < 1e-6, "\(error)")
    #expect(head.named(["a", "b", "c", "d", "e"]).hasClassNames)
  }

  @Test("Bare weights: unit rows get the scale 100, others are taken as they are")
  func bare() throws {
    let folder = try TemporaryFolder()
    let unit = Tensor(shape: [2, 2], values: [1, 0, 0.6, 0.8])
    #expect(try written(folder, [("zeroshot", unit)]).logitScale == 100)
    let other = try written(
      folder, [("weight", Tensor(shape: [2, 2], values: [3, 0, 0.6, 0.8]))])
    #expect(other.logitScale == 1)
    #expect(try written(folder, [("weight", unit)], ["logit_scale": "50"]).logitScale == 50)
    let error = #expect(throws: ModelError.self) {
      try written(folder, [("a", unit), ("b", unit)])
    }
    #expect(error?.description.contains("missing: weight") == true)
    let nan = Tensor(shape: [1, 2], values: [1, .nan])
    #expect(throws: ModelError.self) { try written(folder, [("weight", nan)]) }
  }

  @Test("A linear head adds its bias, does not normalize, and is written and read again")
  func linear() throws {
    let folder = try TemporaryFolder()
    let head = try written(
      folder,
      [
        ("weight", Tensor(shape: [2, 2], values: [3, 0, 1, 2])),
        ("bias", Tensor(shape: [2], values: [10, -1])),
      ])
    let features = Tensor(shape: [1, 2], values: [1, 5])
    #expect(head.logits(of: features).values == [13, 10])
    let gradient = head.featureGradient(
      of: Tensor(shape: [1, 2], values: [1, 2]), features: features)
    #expect(gradient.values == [5, 4])
    let path = "\(folder.path)/again.safetensors"
    try head.write(to: path)
    #expect(try ClassificationHead(contentsOf: path) == head)
  }

  @Test("The classifier of a ViTForImageClassification comes with the names of its classes")
  func classifier() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      #"{"model_type": "vit", "id2label": {"0": "cat", "1": "dog"}}"#, to: "config.json")
    try SafetensorsWriter.write(
      [
        ("classifier.weight", Tensor(shape: [2, 2], values: [1, 0, 0, 1])),
        ("classifier.bias", Tensor(shape: [2], values: [0, 1])),
      ], to: "\(folder.path)/model.safetensors")
    let head = try ClassificationHead(contentsOf: folder.path)
    #expect(head.classNames == ["cat", "dog"])
    #expect(head.logits(of: Tensor(shape: [1, 2], values: [2, 3])).values == [2, 4])
  }
}
