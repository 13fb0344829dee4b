internal import Foundation
internal import Inputs
internal import TensorCore

/// A file that is read in parts, each with one `pread`: data sets stay on disk while they are used,
/// whatever their size. What was decompressed lies in a temporary file that has no name any more and
/// goes with its last user.
///
/// Two are equal if they have the same path and size.
@safe public final class DataFile: Sendable {
  /// What messages call it; of a decompressed file, the compressed one.
  public let path: String
  /// In bytes.
  public let count: Int
  /// What was decompressed. Other files are opened for each part: shards may be more than a process
  /// may hold open.
  private let temporary: UnnamedFile?

  /// A file on disk; its content is not looked at yet.
  public init(_ path: String) throws(ArchiveError) {
    do {
      count = try InputFile(path).count
    } catch {
      throw ArchiveError(error, path: path)
    }
    self.path = path
    temporary = nil
  }

  /// The first `count` bytes of a temporary file.
  init(path: String, temporary: UnnamedFile, count: Int) {
    self.path = path
    self.count = count
    self.temporary = temporary
  }

  /// The bytes at the offsets `range`.
  ///
  /// - Throws: `cutOff` if the file ends before them.
  public func bytes(_ range: Range<Int>) throws(ArchiveError) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw .cutOff(path: path, count: count, needed: range.upperBound)
    }
    if range.isEmpty { return [] }
    guard let temporary else { return try storedBytes(range) }
    do {
      return try temporary.bytes(range)
    } catch {
      throw .unreadableFile(path: error.folder, reason: error.reason)
    }
  }

  /// The bytes at the offsets `range`, which are not empty, of a file on disk.
  private func storedBytes(_ range: Range<Int>) throws(ArchiveError) -> [UInt8] {
    let opened = try Self.open(path)
    defer { close(opened) }
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
      while filled < range.count {
        let got = unsafe pread(
          opened, buffer.baseAddress! + filled, range.count - filled,
          off_t(range.lowerBound + filled))
        if got < 0, errno == EINTR { continue }
        guard got > 0 else {
          failure = got < 0 ? errno : 0
          break
        }
        filled += got
      }
    }
    guard failure == 0 else {
      throw .unreadableFile(path: path, reason: Self.systemMessage(failure))
    }
    // The file has become shorter since it was opened.
    guard bytes.count == range.count else {
      throw .cutOff(path: path, count: range.lowerBound + bytes.count, needed: range.upperBound)
    }
    return bytes
  }

  private static func open(_ path: String) throws(ArchiveError) -> Int32 {
    let descriptor = unsafe Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { throw .noFile(path) }
      throw .unreadableFile(path: path, reason: systemMessage())
    }
    return descriptor
  }

  private static func systemMessage(_ code: Int32 = errno) -> String {
    unsafe String(cString: strerror(code))
  }
}

extension DataFile: Hashable {
  public static func == (left: DataFile, right: DataFile) -> Bool {
    left === right || (left.path == right.path && left.count == right.count)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(path)
    hasher.combine(count)
  }
}
