internal import Foundation
internal import TensorCore

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Holds a results folder for one run: until it is released, another run of the same folder is refused.
/// The system takes it back when the process ends, however it ends; `run.lock` then stays as an empty
/// file that means nothing.
public struct RunLock: Sendable {
  private let descriptor: CInt

  /// - Parameter folder: made if need be.
  /// - Throws: `inUse`, `unwritable`.
  public init(_ folder: String) throws(ResultError) {
    let path = "\(folder)/run.lock"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(path: folder, reason: FileReason.of(error))
    }
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .unwritable(path: path, reason: unsafe String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      guard code == EWOULDBLOCK else {
        throw .unwritable(path: path, reason: unsafe String(cString: strerror(code)))
      }
      throw .inUse(folder: folder)
    }
    self.descriptor = descriptor
  }

  /// Lets other runs have the folder; once.
  public func release() {
    close(descriptor)
  }
}
