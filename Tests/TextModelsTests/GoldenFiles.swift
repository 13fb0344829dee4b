import Checkpoints
import Foundation
import TensorCore
import TextModels

/// The goldens of `Goldens/make_tokenizer_goldens.py` and `make_model_goldens.py`.
struct GoldenFiles {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Goldens")

  static func path(_ file: String) -> String {
    folder.appending(path: file).path(percentEncoded: false)
  }

  /// A text and transformers' tokens of it.
  struct Tokens: Decodable {
    let text: String
    let tokens: [Int]
  }

  /// The lines of a file of texts and tokens.
  static func tokens(_ path: String) throws -> [Tokens] {
    let data = try Data(contentsOf: URL(filePath: path))
    return try data.split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(Tokens.self, from: $0)
    }
  }

  private let file: SafetensorsFile

  init() throws {
    file = try SafetensorsFile(path: Self.path("golden.safetensors"))
  }

  subscript(name: String) -> Tensor { get throws { try file.tensor(named: name) } }

  /// Rows of tokens that are stored as floats.
  func texts(_ name: String) throws -> [[Int]] {
    let tensor = try self[name]
    return (0..<tensor.rowCount).map { row in
      tensor.rows(row..<row + 1).values.map { Int($0) }
    }
  }
}

/// The largest difference over the largest expected magnitude.
func relativeError(_ got: Tensor, _ expected: Tensor) -> Double {
  guard got.shape == expected.shape else { return .infinity }
  let pairs = zip(got.values, expected.values)
  let difference = pairs.map { abs(Double($0) - Double($1)) }.max() ?? 0
  let magnitude = expected.values.map { Double(abs($0)) }.max() ?? 0
  return difference.isFinite ? difference / max(magnitude, 1e-30) : .infinity
}
