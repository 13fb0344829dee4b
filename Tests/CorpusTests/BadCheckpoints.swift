import Checkpoints
import Merging
import TensorCore
import TestSupport
import VisionModels

extension BadInput {
  static let checkpoints = safetensors + heads + torch

  private static func file(_ header: String, dataCount: Int) -> [UInt8] {
    let text = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
      + [UInt8](repeating: 0, count: dataCount)
  }

  private static func entry(_ name: String, _ begin: Int, _ end: Int, shape: String = "[1]")
    -> String
  {
    "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
  }

  private static let safetensors: [BadInput] = {
    let good = file("{\(entry("a", 0, 4)),\(entry("b", 4, 8))}", dataCount: 8)
    let cuts: [(String, [UInt8])] = [
      ("inside its header's length", Array(good[..<5])),
      ("after its header's length", Array(good[..<8])),
      ("inside its header", Array(good[..<40])),
      ("before its data", Array(good[..<(good.count - 8)])),
      ("inside its data", Array(good[..<(good.count - 3)])),
    ]
    let bad: [(String, [UInt8], String)] =
      cuts.map { ("Safetensors cut off \($0)", $1, "t.safetensors: ") } + [
        (
          "Safetensors with overlapping tensors",
          file("{\(entry("a", 0, 4)),\(entry("b", 2, 6))}", dataCount: 6),
          "within the tensor before it"
        ),
        (
          "Safetensors with a gap",
          file("{\(entry("a", 0, 4)),\(entry("b", 8, 12))}", dataCount: 12),
          "tensor 'b': begins at byte 8"
        ),
        (
          "Safetensors with an overflowing shape",
          file("{\(entry("a", 0, 4, shape: "[4611686018427387904,4]"))}", dataCount: 4),
          "more elements than memory can address"
        ),
        (
          "Safetensors with an offset of 2^63",
          file(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,9223372036854775808]}}",
            dataCount: 4), "data_offsets are not two whole numbers"
        ),
        (
          "Safetensors with a negative extent",
          file("{\(entry("a", 0, 4, shape: "[-1]"))}", dataCount: 4), "not a list of whole numbers"
        ),
        (
          "Safetensors that do not fill whole bytes",
          file("{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[0,1]}}", dataCount: 1),
          "do not fill whole bytes"
        ),
        (
          "Safetensors with a tensor twice",
          file("{\(entry("a", 0, 4)),\(entry("a", 4, 8))}", dataCount: 8),
          "the header has 'a' twice"
        ),
        (
          "Safetensors of an unknown dtype",
          file("{\"a\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}}", dataCount: 4),
          "unknown dtype 'F33'"
        ),
        (
          "Safetensors with a size of another shape",
          file("{\(entry("a", 0, 4, shape: "[2]"))}", dataCount: 4), "shape and dtype need 8 bytes"
        ),
        (
          "Safetensors with bytes behind the last tensor",
          file("{\(entry("a", 0, 4))}", dataCount: 9), "tensors cover 4 of 9 bytes"
        ),
        (
          "Safetensors nested 10000 deep",
          file("{\"a\":" + String(repeating: "[", count: 10_000), dataCount: 0), "nested too deep"
        ),
        (
          "Safetensors with a header of 2^63 bytes", [0, 0, 0, 0, 0, 0, 0, 0x80, 0x7b],
          "a header of 9223372036854775808 bytes"
        ),
      ]
    return bad.map { name, bytes, says in
      BadInput(
        name, file: "t.safetensors", says: says,
        make: { folder in try folder.write(bytes, to: "t.safetensors") },
        read: { folder in _ = try SafetensorsFile(path: "\(folder.path)/t.safetensors") })
    }
  }()

  private static let tiny = ViTConfiguration(
    imageSize: 16, patchSize: 8, width: 16, layerCount: 1, headCount: 2, mlpWidth: 32,
    embeddingWidth: 8)

  /// Writes a model whose parameters have other values at some places.
  private static func writeModel(
    _ values: [Int: Float], dtype: DType = .float32, to folder: TemporaryFolder
  ) throws {
    var random = KeyedRandom(seed: 1, "corpus")
    var parameters = VisionTransformer(configuration: tiny).initialParameters(random: &random)
    for (place, value) in values { parameters.values[place] = value }
    try VisionCheckpoint(configuration: tiny, parameters: parameters)
      .write(to: folder.path, dtype: dtype)
  }

  private static let heads: [BadInput] = [
    BadInput(
      "A model with NaN among its weights", file: "model.safetensors",
      says: "class_embedding': holds NaN or infinity at 1 elements, the first is 3",
      make: { folder in try writeModel([3: .nan], to: folder) },
      read: { folder in _ = try VisionCheckpoint.load(folder.path) }),
    BadInput(
      "A model with infinity in two tensors, as 16-bit floats", file: "model.safetensors",
      says: "the first is 3\n", isList: true,
      make: { folder in
        try writeModel([3: .infinity, 300: -.infinity], dtype: .float16, to: folder)
      },
      read: { folder in _ = try VisionCheckpoint.load(folder.path) }),
    BadInput(
      "A checkpoint without one of its tensors", file: "model.safetensors",
      says: "of the model are missing",
      isList: true,
      make: { folder in
        var random = KeyedRandom(seed: 1, "corpus")
        let parameters = VisionTransformer(configuration: tiny).initialParameters(random: &random)
        try VisionCheckpoint(configuration: tiny, parameters: parameters).write(to: folder.path)
        let path = "\(folder.path)/model.safetensors"
        let source = try SafetensorsFile(path: path)
        let kept = source.tensors.dropFirst().map { $0.name }
        let tensors = try kept.map { ($0, try source.tensor(named: $0)) }
        try SafetensorsWriter.write(tensors, to: path)
      }, read: { folder in _ = try VisionCheckpoint.load(folder.path) }),
    head(
      "A head with NaN among its weights", [1, .nan, 3, 4], shape: [2, 2], says: "NaN or infinity"),
    head(
      "A head with infinity among its weights", [1, 2, .infinity, 4], shape: [2, 2],
      says: "NaN or infinity"),
    head("A head of one dimension", [1, 2], shape: [2], says: "should be [classes, features]"),
    head("A head of no rows", [], shape: [0, 4], says: "should be [classes, features]"),
    head(
      "A head with names for other classes", [1, 2], shape: [2, 1],
      metadata: ["class_names": #"["a"]"#], says: "1 class_names for 2 rows"),
    head(
      "A head with names that are no list", [1, 2], shape: [2, 1], metadata: ["class_names": "a,b"],
      says: "should be a JSON array"),
    head(
      "A head with a scale of nan", [1, 2], shape: [2, 1], metadata: ["logit_scale": "nan"],
      says: "logit_scale is nan"),
    head(
      "A head of more classes than the limit", [Float](repeating: 0, count: 100_001),
      shape: [100_001, 1], says: "the limit classes is 100000"),
  ]

  private static func head(
    _ name: String, _ values: [Float], shape: Shape, metadata: [String: String] = [:], says: String
  ) -> BadInput {
    BadInput(
      name, file: "head.safetensors", says: says,
      make: { folder in
        try SafetensorsWriter.write(
          [("weight", Tensor(shape: shape, values: values))], metadata: metadata,
          to: "\(folder.path)/head.safetensors")
      },
      read: { folder in
        _ = try ClassificationHead(contentsOf: "\(folder.path)/head.safetensors")
      })
  }

  private static let torch: [BadInput] = [
    ("A PyTorch file that is empty", [], "no zip archive"),
    ("A PyTorch file of before 1.6", [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c], "before 1.6"),
    (
      "A PyTorch file without its archive's end",
      [0x50, 0x4b, 3, 4] + [UInt8](repeating: 0, count: 90), "cut off"
    ),
    (
      "A PyTorch file whose archive lists more than there is",
      [0x50, 0x4b, 3, 4] + [UInt8](repeating: 0, count: 40)
        + [0x50, 0x4b, 5, 6, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0],
      "list of files lies outside"
    ),
  ].map { name, bytes, says in
    BadInput(
      name, file: "t.pt", says: says, make: { folder in try folder.write(bytes, to: "t.pt") },
      read: { folder in _ = try TorchStateDict(path: "\(folder.path)/t.pt") })
  }
}
