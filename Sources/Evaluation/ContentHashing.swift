internal import Foundation
internal import Streams
internal import TensorCore

/// Hashes of what results depend on, by content, so that a moved file is the same and a changed one
/// is not.
enum ContentHashing {
  /// The hash of a file's bytes.
  static func file(_ path: String) throws(StreamError) -> ContentHash {
    do {
      let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
      return data.isEmpty ? ContentHash(of: "") : ContentHash(of: data.span)
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  /// The hash of a data set: every sample's id, class and file, in order.
  static func images(_ loaded: LabeledImages) throws(StreamError) -> ContentHash {
    let samples = loaded.images.samples
    let chunk = 64
    let parts = try Parallel.map((samples.count + chunk - 1) / chunk) {
      index throws(StreamError) in
      var text = ""
      for sample in samples[index * chunk..<min(samples.count, (index + 1) * chunk)] {
        let name = loaded.labels.classNames[loaded.labels[sample.id]!]
        text += "\(sample.id)\u{0}\(name)\u{0}\(try file(sample.path))\n"
      }
      return text
    }
    return ContentHash(of: parts.joined())
  }

  /// One hash for several.
  static func joined(_ hashes: [String]) -> String {
    ContentHash(of: hashes.joined(separator: "\n")).description
  }
}
