import Checkpoints
import Foundation
import TensorCore
import VisionModels

/// The goldens of `Goldens/make_goldens.py`, of one activation.
struct Golden {
  let tensors: [String: Tensor]
  let model: VisionTransformer
  let parameters: StateDict
  let head: ClassificationHead

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Goldens")

  static func path(_ file: String) -> String { folder.appending(path: file).path() }

  init(_ activation: Activation) throws {
    let file = try SafetensorsFile(path: Self.path("\(activation.rawValue).safetensors"))
    tensors = Dictionary(
      uniqueKeysWithValues: try file.names.map { ($0, try file.tensor(named: $0)) })
    let checkpoint = try VisionCheckpoint.load(directory: Self.path("tiny"))
    model = VisionTransformer(configuration: checkpoint.configuration.with(activation))
    parameters = checkpoint.parameters
    head = ClassificationHead(
      classNames: (0..<6).map { "class \($0)" }, weights: tensors["head"]!)
  }

  subscript(name: String) -> Tensor { tensors[name]! }
}

extension ViTConfiguration {
  func with(_ activation: Activation) -> Self {
    Self(
      imageSize: imageSize, patchSize: patchSize, width: width, layerCount: layerCount,
      headCount: headCount, mlpWidth: mlpWidth, embeddingWidth: embeddingWidth,
      activation: activation, layerNormEpsilon: layerNormEpsilon)
  }
}

/// The largest difference over the largest expected magnitude.
func relativeError(_ got: some Sequence<Float>, _ expected: some Sequence<Float>) -> Double {
  var (difference, magnitude) = (0.0, 0.0)
  var (gotIterator, expectedIterator) = (got.makeIterator(), expected.makeIterator())
  while let e = expectedIterator.next() {
    guard let g = gotIterator.next(), g.isFinite else { return .infinity }
    difference = max(difference, abs(Double(g) - Double(e)))
    magnitude = max(magnitude, abs(Double(e)))
  }
  return gotIterator.next() == nil ? difference / max(magnitude, 1e-30) : .infinity
}
