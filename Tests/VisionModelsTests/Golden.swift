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

  static func read(_ path: String) throws -> [String: Tensor] {
    let data = try Data(contentsOf: folder.appending(path: path))
    let length = Int(data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    struct Entry: Decodable { let shape: [Int], dataOffsets: [Int] }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let header = try decoder.decode(
      [String: Entry].self, from: data.subdata(in: 8..<8 + length))
    return header.mapValues { entry in
      let bytes = data.subdata(
        in: 8 + length + entry.dataOffsets[0]..<8 + length + entry.dataOffsets[1])
      let values = stride(from: 0, to: bytes.count, by: 4).map { start in
        Float(
          bitPattern: (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[start + $1]) })
      }
      return Tensor(shape: Shape(entry.shape), values: values)
    }
  }

  init(_ activation: Activation) throws {
    tensors = try Self.read("\(activation.rawValue).safetensors")
    let configuration = try ViTConfiguration(
      contentsOf: Self.folder.appending(path: "tiny/config.json").path())
    model = VisionTransformer(configuration: configuration.with(activation))
    let stored = try Self.read("tiny/model.safetensors")
    var parameters = StateDict(zeros: model.layout)
    for entry in model.layout.entries { parameters[entry.name] = stored[entry.name]! }
    self.parameters = parameters
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
