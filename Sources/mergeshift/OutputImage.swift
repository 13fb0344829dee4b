import ArgumentParser
import Foundation
import Imaging
import TensorCore

/// Writes an image file whole or not at all.
enum OutputImage {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case png, jpeg

    /// The format that a file's name announces.
    init?(fileExtension: String) {
      switch fileExtension.lowercased() {
      case "png": self = .png
      case "jpg", "jpeg": self = .jpeg
      default: return nil
      }
    }

    var fileExtension: String { self == .png ? "png" : "jpg" }
  }

  /// The bytes of a file.
  static func encode(
    _ image: PixelImage, as format: Format, quality: Int = 95,
    effort: PNGCodec.Effort = .standard
  ) throws(ImageError) -> [UInt8] {
    switch format {
    case .png: try PNGCodec.encode(image, effort: effort)
    case .jpeg: try JPEGCodec.encode(image, quality: quality)
    }
  }

  /// Writes a picture as PNG; see `write(_:to:)` for bytes.
  static func write(_ image: PixelImage, to path: String) throws {
    try write(encode(image, as: .png), to: path)
  }

  /// Writes to a temporary file in the same folder and renames it; makes the folders on the way.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let url = URL(filePath: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url, options: .atomic)
    } catch {
      throw CommandFailure.input("\(path): can't be written: \(FileReason.of(error))")
    }
  }
}
