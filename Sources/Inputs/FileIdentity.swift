public import Foundation

/// What tells a file from another one in its place, and from itself before it was written to, without
/// a look at its content.
public struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let number: UInt64
  private let count: Int
  /// When content, name or owner last changed: seconds since 1970, and nanoseconds. Unlike the time of
  /// the last modification nobody can set it.
  private let change: [Int]

  /// - Returns: nil for what is not there, or can't be looked at.
  public init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
    count = Int(status.st_size)
    #if canImport(Darwin)
      let time = status.st_ctimespec
    #else
      let time = status.st_ctim
    #endif
    change = [Int(time.tv_sec), Int(time.tv_nsec)]
  }

  /// Whether a write at `date` or later shows in the file's times: file systems tell them in steps of
  /// up to two seconds.
  public func isSettled(at date: Date) -> Bool {
    date.timeIntervalSince1970 - Double(change[0]) > 2
  }
}
