internal import Inputs
internal import TensorCore

/// Reads a file from its beginning to its end, some of it at a time.
struct StateReader {
  private static let pieceLength = 1 << 16

  private let file: RandomAccessFile
  private var position = 0

  init(_ path: String) throws(InputError) {
    file = try RandomAccessFile(path)
  }

  /// The bytes that were not read yet.
  var count: Int { file.count - position }

  /// The bytes up to the next end of a line, which is read too; nil if there is none within `limit` bytes.
  mutating func line(limit: Int) throws(InputError) -> [UInt8]? {
    var line: [UInt8] = []
    while position < file.count, line.count <= limit {
      let piece = try file.bytes(position..<min(position + Self.pieceLength, file.count))
      if let end = piece.firstIndex(of: UInt8(ascii: "\n")) {
        position += end + 1
        line += piece[..<end]
        return line.count <= limit ? line : nil
      }
      position += piece.count
      line += piece
    }
    return nil
  }

  /// Of all that was not read yet, which stays so.
  func hash() throws(InputError) -> ContentHash {
    try ContentHashing.rest(of: file, from: position)
  }

  /// Reads `count` values and calls `body` with the bytes of some after others.
  ///
  /// - Parameter width: of a value, in bytes.
  /// - Returns: false, and nothing is read, if there are fewer.
  mutating func forEachPiece(
    of count: Int, _ width: Int, _ body: (_ bytes: [UInt8]) -> Void
  ) throws(InputError) -> Bool {
    guard count <= self.count / width else { return false }
    let end = position + count * width
    while position < end {
      let next = min(position + Self.pieceLength / width * width, end)
      body(try file.bytes(position..<next))
      position = next
    }
    return true
  }
}
