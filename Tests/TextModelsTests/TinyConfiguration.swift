import Foundation
import TestSupport
import TextModels

/// Variants of the tiny model's `config.json`.
enum TinyConfiguration {
  /// The text tower's keys alone, as a `CLIPTextModelWithProjection` has them.
  static func keys() throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: GoldenFiles.path("tiny/config.json")))
    let whole = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    return whole["text_config"] as? [String: Any] ?? [:]
  }

  static func write(_ keys: [String: Any], to path: String) throws {
    try JSONSerialization.data(withJSONObject: keys).write(to: URL(filePath: path))
  }

  static func with(activation: String, endToken: Int) throws -> TextConfiguration {
    let folder = try TemporaryFolder()
    var keys = try keys()
    keys["hidden_act"] = activation
    keys["eos_token_id"] = endToken
    let path = "\(folder.path)/config.json"
    try write(keys, to: path)
    return try TextConfiguration(contentsOf: path)
  }
}
