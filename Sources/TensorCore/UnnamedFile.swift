internal import Foundation

/// A temporary file that has no name: it goes when nobody uses it any more, however the process ends. It
/// is read and not mapped, so that what is on disk does not count as the process's memory.
package final class UnnamedFile: Sendable {
  /// Why the folder for temporary files can't hold, or give back, what belongs there.
  package struct Failure: Error {
    package let folder: String
    package let reason: String
  }

  /// Where it lies.
  package let folder: String
  private let descriptor: Int32

  /// - Parameters:
  ///   - purpose: part of the name that it has for a moment.
  ///   - folder: nil: the system's for temporary files, or TMPDIR.
  package init(_ purpose: String, in folder: String? = nil) throws(Failure) {
    let folder = folder ?? FileManager.default.temporaryDirectory.path(percentEncoded: false)
    self.folder = folder
    var template = Array("\(folder)/mergeshift-\(purpose)-XXXXXX".utf8CString)
    descriptor = unsafe mkstemp(&template)
    guard descriptor >= 0 else { throw Self.failure(folder) }
    unsafe unlink(template)
  }

  deinit { close(descriptor) }

  /// Writes `bytes` at `offset`.
  @unsafe package func write(
    _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(Failure) {
    try transfer(bytes.count) { done in
      unsafe pwrite(
        descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
    }
  }

  /// Fills `bytes` with what was written at `offset`.
  @unsafe package func read(
    into bytes: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(Failure) {
    try transfer(bytes.count) { done in
      unsafe pread(
        descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
    }
  }

  /// Calls `move` with the number of bytes that are done until all are.
  private func transfer(_ count: Int, _ move: (_ done: Int) -> Int) throws(Failure) {
    var done = 0
    while done < count {
      let moved = move(done)
      if moved < 0, errno == EINTR { continue }
      guard moved > 0 else { throw Self.failure(folder) }
      done += moved
    }
  }

  /// Of the last call of the system.
  private static func failure(_ folder: String) -> Failure {
    Failure(folder: folder, reason: FileReason.text(errno))
  }
}

/// Bytes as arrays.
extension UnnamedFile {
  package func write(_ bytes: [UInt8], at offset: Int) throws(Failure) {
    let outcome = unsafe bytes.withUnsafeBytes { buffer -> Failure? in
      do throws(Failure) {
        try unsafe write(buffer, at: offset)
        return nil
      } catch {
        return error
      }
    }
    if let outcome { throw outcome }
  }

  /// The bytes of `range`, all of which were written.
  package func bytes(_ range: Range<Int>) throws(Failure) -> [UInt8] {
    // An array of no capacity is one that all threads share, and is not written.
    if range.isEmpty { return [] }
    var outcome: Failure?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      do throws(Failure) {
        let bytes = unsafe UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count])
        try unsafe read(into: bytes, at: range.lowerBound)
        count = range.count
      } catch {
        outcome = error
      }
    }
    if let outcome { throw outcome }
    return bytes
  }
}
