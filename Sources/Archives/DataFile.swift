internal import Foundation
internal import Inputs

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
  /// Of a temporary file. Others are opened for each part: shards may be more than a process may
  /// hold open.
  private let descriptor: Int32?

  /// A file on disk; its content is not looked at yet.
  public init(_ path: String) throws(ArchiveError) {
    do {
      count = try InputFile(path).count
    } catch {
      throw ArchiveError(error, path: path)
    }
    self.path = path
    self.descriptor = nil
  }

  /// A temporary file, which this object closes.
  init(path: String, temporary: consuming TemporaryFile) {
    self.path = path
    count = temporary.count
    descriptor = temporary.release()
  }

  deinit {
    if let descriptor { close(descriptor) }
  }

  /// The bytes at the offsets `range`.
  ///
  /// - Throws: `cutOff` if the file ends before them.
  public func bytes(_ range: Range<Int>) throws(ArchiveError) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw .cutOff(path: path, count: count, needed: range.upperBound)
    }
    if range.isEmpty { return [] }
    let opened = if let descriptor { descriptor } else { try Self.open(path) }
    defer { if descriptor == nil { close(opened) } }
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

  static func systemMessage(_ code: Int32 = errno) -> String {
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

/// A file in the system's temporary folder, without a name from the start: nothing is left of it
/// when it is closed.
struct TemporaryFile: ~Copyable {
  let descriptor: Int32
  private(set) var count = 0

  init() throws(ArchiveError) {
    let template = FileManager.default.temporaryDirectory.appending(path: "mergeshift-data-XXXXXX")
      .path(percentEncoded: false)
    var name = template.utf8CString.map { $0 }
    let descriptor = unsafe name.withUnsafeMutableBufferPointer { buffer in
      let descriptor = unsafe mkstemp(buffer.baseAddress!)
      if descriptor >= 0 { unsafe unlink(buffer.baseAddress!) }
      return descriptor
    }
    guard descriptor >= 0 else {
      throw .unwritable(path: template, reason: DataFile.systemMessage())
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// The descriptor, which the caller closes.
  consuming func release() -> Int32 {
    let released = descriptor
    discard self
    return released
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    var start = 0
    while start < bytes.count {
      let written = unsafe write(descriptor, bytes.baseAddress! + start, bytes.count - start)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        throw .unwritable(
          path: FileManager.default.temporaryDirectory.path(percentEncoded: false),
          reason: "\(DataFile.systemMessage()); set TMPDIR to a folder with more room")
      }
      start += written
    }
    count += start
  }
}
