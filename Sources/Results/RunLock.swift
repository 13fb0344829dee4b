internal import Foundation
internal import TensorCore

/// Holds a results folder for one run, or for the workers of one run together: until it is released,
/// another run of the same folder is refused. The system takes it back when the process ends, however
/// it ends; `run.lock` then stays as an empty file that means nothing.
///
/// A file system without locks, as some clusters have, is no reason not to run: records are
/// write-once, so two runs would at most compute a cell twice.
public struct RunLock: Sendable {
  /// Who may hold the folder besides.
  public enum Mode: Sendable {
    case alone
    /// Other workers of the same run.
    case shared
  }

  private let descriptor: CInt

  /// - Parameter folder: made if need be.
  /// - Throws: `inUse`, `unwritable`.
  public init(_ folder: String, mode: Mode = .alone) throws(ResultError) {
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
    guard flock(descriptor, (mode == .alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 else {
      let code = errno
      if [ENOSYS, ENOTSUP, ENOLCK].contains(code) {
        self.descriptor = descriptor
        return
      }
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
