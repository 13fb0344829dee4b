import Foundation
import Imaging
import TensorCore

/// What `Goldens/make_decoding_goldens.py` wrote with Pillow.
struct DecodingGoldens: Decodable {
  struct File: Decodable {
    let name: String
    /// The file's bytes.
    let file: Data
    let width, height: Int
    let hash: String
    /// The hash once turned as the EXIF data asks.
    let upright: String?

    var bytes: [UInt8] { Array(file) }
  }

  struct Encoding: Decodable {
    let quality: Int
    let subsampling: String
    let optimized: Bool
    let fileHash, pixelHash: String
  }

  let files: [File]
  /// The image that is encoded, a PNG file.
  let encoded: Data
  let encodings: [Encoding]

  static func read() throws -> DecodingGoldens {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Goldens/decoding.json")
    return try JSONDecoder().decode(DecodingGoldens.self, from: Data(contentsOf: path))
  }

  /// The bytes of the file `name`.
  static func bytes(of name: String) throws -> [UInt8] {
    try read().files.first { $0.name == name }!.bytes
  }
}
