/// A regular file that stays open while it is used and is read in parts. It is not mapped: where another
/// program makes a mapped file shorter, reading it ends the process (SIGBUS); here it is an error. A file
/// that is replaced by renaming stays the one that was opened.
public final class RandomAccessFile: Sendable {
  public let path: String
  private let file: InputFile

  public init(_ path: String) throws(InputError) {
    self.path = path
    file = try InputFile(path)
  }

  /// In bytes, when it was opened.
  public var count: Int { file.count }

  /// The bytes at the offsets `range`.
  ///
  /// - Throws: `shortened` if the file ends before them.
  public func bytes(_ range: Range<Int>) throws(InputError) -> [UInt8] {
    try file.bytes(range)
  }
}
