internal import TensorCore

/// The name of a cell: a hash of everything that determines its result, so that a finished cell is
/// known again, and one whose method, weights, data, recipe or code changed is another cell.
public struct CellKey: Hashable, Sendable, CustomStringConvertible {
  /// 32 hexadecimal digits.
  public let text: String

  /// - Parameter ingredients: by name, in any order.
  public init(_ ingredients: [String: String]) {
    // Each part is preceded by its length, so that no two lists give the same text.
    let parts = ingredients.sorted { $0.key < $1.key }.map { name, value in
      "\(name.utf8.count):\(name)\(value.utf8.count):\(value)"
    }
    text = ContentHash(of: parts.joined()).description
  }

  /// A key as it was printed; nil if it is not 32 hexadecimal digits.
  public init?(text: String) {
    // By bytes: characters that are digits to Unicode are not all digits to `UInt64`.
    let digits = "0123456789abcdef".utf8
    guard text.utf8.count == 32, text.utf8.allSatisfy(digits.contains) else { return nil }
    self.text = text
  }

  /// The cell's file below a store's folder: `cells/ab/ab12....json`.
  public var path: String { "cells/\(text.prefix(2))/\(text).json" }

  public var description: String { text }
}

extension CellKey: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let key = CellKey(text: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a key is 32 hexadecimal digits, not '\(text)'")
    }
    self = key
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
