internal import Foundation

/// A regular file that is open for reading. Pipes and devices are refused without waiting for them;
/// links are followed, as the user's own data sets are made of them.
public struct InputFile: ~Copyable, Sendable {
  public let descriptor: Int32
  /// In bytes, when it was opened.
  public let count: Int

  public init(_ path: String) throws(InputError) {
    // Without O_NONBLOCK, opening a pipe waits for a writer.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.reason(errno, path) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(Self.message(code))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw status.st_mode & S_IFMT == S_IFDIR ? .folder : .special
    }
    self.descriptor = descriptor
    count = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Refuses what is no regular file, or can't be opened: for readers that open paths themselves.
  public static func check(_ path: String) throws(InputError) { _ = try InputFile(path) }

  /// The content of the file at `path`.
  ///
  /// - Parameter limit: what a larger file is refused by, before memory is taken for it.
  public static func bytes(_ path: String, limit: Limit) throws(InputError) -> [UInt8] {
    let file = try InputFile(path)
    let (count, most) = (file.count, limit.value)
    guard count <= most else { throw .tooLarge(bytes: count, limit: limit, value: most) }
    return try file.bytes(0..<count)
  }

  /// The bytes at the offsets `range`.
  ///
  /// - Throws: `shortened` if the file ends before them.
  public borrowing func bytes(_ range: Range<Int>) throws(InputError) -> [UInt8] {
    // An array of no capacity is one that all threads share, and is not written.
    if range.isEmpty { return [] }
    var failure: InputError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
      do throws(InputError) {
        try unsafe read(
          into: UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count]),
          at: range.lowerBound)
        filled = range.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Fills `buffer` with the bytes from `offset` on.
  ///
  /// - Throws: `shortened` if the file ends before them.
  private borrowing func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(InputError) {
    var filled = 0
    while filled < buffer.count {
      let got = unsafe pread(
        descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset + filled))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw .system(Self.message(errno)) }
      guard got > 0 else {
        throw unsafe .shortened(bytes: offset + filled, needed: offset + buffer.count)
      }
      filled += got
    }
  }

  /// The content of the file at `path`, which has to be UTF-8.
  public static func text(_ path: String, limit: Limit) throws(InputError) -> String {
    guard let text = String(validating: try bytes(path, limit: limit), as: UTF8.self) else {
      throw .notText
    }
    return text
  }

  private static func reason(_ code: Int32, _ path: String) -> InputError {
    switch code {
    case ENOENT:
      var status = stat()
      return unsafe lstat(path, &status) == 0 ? .danglingLink : .missing
    case EACCES, EPERM: return .noPermission
    // A socket.
    case ENXIO, EOPNOTSUPP: return .special
    default: return .system(message(code))
    }
  }

  private static func message(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
