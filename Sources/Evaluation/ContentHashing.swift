internal import Inputs
internal import Streams
internal import TensorCore

/// Hashes of what results depend on, by content, so that a moved file is the same and a changed one
/// is not.
enum ContentHashing {
  private static let pieceLength = 1 << 20

  /// The hash of a file's bytes.
  static func file(_ path: String) throws(StreamError) -> ContentHash {
    do {
      return try rest(of: RandomAccessFile(path), from: 0)
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
  }

  /// The hash of a file's bytes from `position` on.
  static func rest(
    of file: RandomAccessFile, from position: Int
  ) throws(InputError) -> ContentHash {
    let hasher = ContentHasher()
    for start in stride(from: position, to: file.count, by: pieceLength) {
      let piece = try file.bytes(start..<min(start + pieceLength, file.count))
      hasher.update(piece.span)
    }
    return hasher.hash
  }

  /// One hash for several.
  static func joined(_ hashes: [String]) -> String {
    ContentHash(of: hashes.joined(separator: "\n")).description
  }
}
