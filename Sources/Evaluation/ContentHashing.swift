internal import Foundation
internal import Inputs
internal import Streams
internal import TensorCore

/// Hashes of what results depend on, by content, so that a moved file is the same and a changed one
/// is not.
enum ContentHashing {
  /// The hash of a file's bytes.
  static func file(_ path: String) throws(StreamError) -> ContentHash {
    do {
      guard try InputFile(path).count > 0 else { return ContentHash(of: "") }
      let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
      return data.isEmpty ? ContentHash(of: "") : ContentHash(of: data.span)
    } catch let error as InputError {
      throw .unreadable(path: path, reason: "\(error)")
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  /// The hash of a data set: every sample's id, class and bytes, in order.
  static func images(_ loaded: LabeledImages) throws(StreamError) -> ContentHash {
    let samples = loaded.images.samples
    let chunk = 64
    let parts = try Parallel.map((samples.count + chunk - 1) / chunk) {
      index throws(StreamError) in
      var text = ""
      for sample in samples[index * chunk..<min(samples.count, (index + 1) * chunk)] {
        let name = loaded.labels.classNames[loaded.labels[sample.id]!]
        text += "\(sample.id)\u{0}\(name)\u{0}\(try image(at: sample.location))\n"
      }
      return text
    }
    return ContentHash(of: parts.joined())
  }

  /// A file's hash, or that of the bytes in a larger file; of pixels, with their shape.
  private static func image(at location: ImageLocation) throws(StreamError) -> String {
    switch location {
    case .file(let path): try file(path).description
    case .part(let part): try content(of: part).description
    case .raster(let part, let shape):
      "\(shape.width)x\(shape.height) \(shape.order.rawValue) \(try content(of: part))"
    }
  }

  private static func content(of part: FilePart) throws(StreamError) -> ContentHash {
    do {
      return ContentHash(of: try part.bytes())
    } catch {
      throw .unreadable(path: part.description, reason: "\(error)")
    }
  }

  /// One hash for several.
  static func joined(_ hashes: [String]) -> String {
    ContentHash(of: hashes.joined(separator: "\n")).description
  }
}
