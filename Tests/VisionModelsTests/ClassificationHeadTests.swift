import Checkpoints
import Foundation
import TensorCore
import TestSupport
import Testing
import VisionModels

@Suite("Classification head")
struct ClassificationHeadTests {
  private let head = ClassificationHead(
    classNames: ["stop", "give \"way\"", "höchstens 30"],
    weights: Tensor(shape: [3, 2], values: [1, 0, 0, 1, 0.6, 0.8]), logitScale: 50)

  @Test("Logits are scaled cosines: the length of the features does not matter")
  func logits() {
    let features = Tensor(shape: [2, 2], values: [3, 4, 3e-3, 4e-3])
    let logits = head.logits(of: features)
    #expect(logits.shape == [2, 3])
    let expected: [Float] = [30, 40, 50, 30, 40, 50]
    #expect(relativeError(logits.values, expected) < 1e-6)
  }

  @Test("The gradient lies across the features and equals central differences")
  func gradient() {
    let (features, weights): ([Float], [Float]) = ([0.75, -1.25], [0.5, -0.25, 2])
    let gradient = head.featureGradient(
      of: Tensor(shape: [1, 3], values: weights), features: Tensor(shape: [1, 2], values: features))
    func loss(_ x: Double, _ y: Double) -> Double {
      let length = (x * x + y * y).squareRoot()
      let cosines = [x / length, y / length, (0.6 * x + 0.8 * y) / length]
      return 50 * zip(cosines, weights).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    let h = 1e-5
    let expected = [
      (loss(0.75 + h, -1.25) - loss(0.75 - h, -1.25)) / (2 * h),
      (loss(0.75, -1.25 + h) - loss(0.75, -1.25 - h)) / (2 * h),
    ]
    #expect(relativeError(gradient.values, expected.map { Float($0) }) < 1e-5)
    let along = zip(gradient.values, features).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(along) < 1e-3)
  }

  @Test("Features of length zero give logits and gradients of zero")
  func zeroFeatures() {
    let features = Tensor(zeros: [1, 2])
    #expect(head.logits(of: features).values == [0, 0, 0])
    let gradient = head.featureGradient(of: Tensor(zeros: [1, 3]), features: features)
    #expect(gradient.values == [0, 0])
  }

  @Test("What is written is read again")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/head.safetensors"
    try head.write(to: path)
    #expect(try ClassificationHead(contentsOf: path) == head)
  }

  @Test("Errors name the file and what would be right")
  func failures() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/head.safetensors"
    func problem(_ shape: Shape, _ metadata: [String: String]) throws -> String {
      try SafetensorsWriter.write(
        [("weight", Tensor(zeros: shape))], metadata: metadata, to: path)
      let error = #expect(throws: ModelError.self) { try ClassificationHead(contentsOf: path) }
      return error.map { "\($0)" } ?? ""
    }
    #expect(
      try problem([3, 2], ["class_names": "a"]).contains(
        "head.safetensors: not a classification head"))
    #expect(try problem([3], ["class_names": "[]"]).contains("should be [classes, features]"))
    #expect(
      try problem([3, 2], ["class_names": #"["a", "b"]"#]).contains("2 class_names for 3 rows"))
    #expect(
      try problem([1, 2], ["class_names": #"["a"]"#, "logit_scale": "0"]).contains(
        "logit_scale is 0, should be a positive number"))
    try SafetensorsWriter.write([("bias", Tensor(zeros: [3]))], to: path)
    let error = #expect(throws: ModelError.self) { try ClassificationHead(contentsOf: path) }
    #expect(error.map { "\($0)" }?.contains("weight") == true)
  }
}
