internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A temporary file that has no name: it goes with its last user, however the process ends. It is read
/// and not mapped, so that what is on disk does not count as the process's memory.
final class TemporaryBytes: Sendable {
  private let descriptor: Int32
  private let folder: String

  /// - Throws: `cache`.
  init() throws(EvaluationError) {
    folder = FileManager.default.temporaryDirectory.path(percentEncoded: false)
    var template = Array("\(folder)/mergeshift-images-XXXXXX".utf8CString)
    descriptor = unsafe mkstemp(&template)
    guard descriptor >= 0 else { throw Self.failure(folder) }
    unsafe unlink(template)
  }

  deinit { close(descriptor) }

  /// Writes `bytes` behind what is there; one thread at a time.
  ///
  /// - Throws: `cache`.
  func append(_ bytes: [UInt8]) throws(EvaluationError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(descriptor, buffer.baseAddress! + done, buffer.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(folder) }
      done += count
    }
  }

  /// The bytes of `range`, all of which were written. A disk that does not give them back ends the
  /// process, as it does where a mapped file is read.
  func bytes(_ range: Range<Int>) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, done in
      done = 0
      while done < range.count {
        let count = unsafe pread(
          descriptor, buffer.baseAddress! + done, range.count - done,
          off_t(range.lowerBound + done))
        if count < 0, errno == EINTR { continue }
        precondition(count > 0, "the temporary file of prepared images in \(folder) can be read")
        done += count
      }
    }
  }

  /// Of the last call of the system.
  private static func failure(_ folder: String) -> EvaluationError {
    .cache(path: folder, reason: unsafe String(cString: strerror(errno)))
  }
}
