import Checkpoints
import Foundation
import TestSupport

/// The bytes of a file with the given header text and `dataCount` zero bytes of data.
func safetensors(_ header: String, dataCount: Int = 0) -> [UInt8] {
  let text = Array(header.utf8)
  return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
    + [UInt8](repeating: 0, count: dataCount)
}

/// The header of a file `t.safetensors` made of these bytes.
@discardableResult
func parse(_ bytes: [UInt8]) throws(CheckpointError) -> SafetensorsHeader {
  try SafetensorsHeader(parsing: bytes.span, file: "t.safetensors")
}

/// The path of a golden of this module.
func golden(_ name: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/\(name)")
    .path(percentEncoded: false)
}
