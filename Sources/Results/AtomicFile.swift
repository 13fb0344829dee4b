package import Foundation
internal import TensorCore

/// Files that appear whole or not at all.
package enum AtomicFile {
  /// Writes and syncs a new file in the folder of `path`, which is made if need be, piece by piece;
  /// nothing is left of it if a piece can't be had.
  static func temporary(
    beside path: String, _ body: ((Data) throws -> Void) throws -> Void
  ) throws -> String {
    let target = URL(filePath: path)
    let folder = target.deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: ".\(target.lastPathComponent).\(UUID().uuidString).tmp")
    try Data().write(to: file)
    do {
      let handle = try FileHandle(forWritingTo: file)
      try body { try handle.write(contentsOf: $0) }
      try handle.synchronize()
      try handle.close()
    } catch {
      try? FileManager.default.removeItem(at: file)
      throw error
    }
    return file.path(percentEncoded: false)
  }

  /// Removes what processes that were killed while they wrote left in `folder` and below. Nobody may
  /// be writing there.
  package static func removeLeftovers(in folder: String) throws(ResultError) {
    guard let paths = FileManager.default.enumerator(atPath: folder) else { return }
    for case let path as String in paths {
      let name = path.split(separator: "/").last ?? ""
      guard name.wholeMatch(of: /\..+\.[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\.tmp/) != nil
      else {
        continue
      }
      guard unsafe unlink("\(folder)/\(path)") == 0 || errno == ENOENT else {
        throw .unwritable(
          path: "\(folder)/\(path)", reason: unsafe String(cString: strerror(errno)))
      }
    }
  }

  /// Makes a new name in the folder of `path` outlive a power cut, where the system can.
  static func syncFolder(of path: String) {
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    let descriptor = unsafe open(folder, O_RDONLY)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Puts `bytes` in the place of whatever `path` holds.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(ResultError) {
    try replace(path, with: Data(bytes))
  }

  /// Puts `data` in the place of whatever `path` holds.
  package static func replace(_ path: String, with data: Data) throws(ResultError) {
    try replace(path) { write in try write(data) }
  }

  /// Puts what `body` writes, piece by piece, in the place of whatever `path` holds.
  package static func replace(
    _ path: String, _ body: ((Data) throws -> Void) throws -> Void
  ) throws(ResultError) {
    let temporary: String
    do {
      temporary = try self.temporary(beside: path, body)
    } catch let error as ResultError {
      throw error
    } catch {
      throw .unwritable(path: path, reason: FileReason.of(error))
    }
    guard unsafe rename(temporary, path) == 0 else {
      let reason = unsafe String(cString: strerror(errno))
      unsafe unlink(temporary)
      throw .unwritable(path: path, reason: reason)
    }
  }
}
