import Foundation

/// A folder in memory for readers that take paths; each input replaces the one before it.
struct ScratchFolder: Sendable {
  let path: String

  init(_ target: String) {
    let parent =
      FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    path = "\(parent)/mergeshift-fuzz-\(target)-\(getpid())"
    try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    Self.leftovers.append(path)
    if Self.leftovers.count == 1 {
      atexit {
        for path in ScratchFolder.leftovers { try? FileManager.default.removeItem(atPath: path) }
      }
    }
  }

  /// Folders are made by one thread, before and while libFuzzer runs.
  nonisolated(unsafe) private static var leftovers: [String] = []

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes `bytes` to `name` in place and gives its path.
  @discardableResult
  func write(_ bytes: some Sequence<UInt8>, _ name: String) -> String {
    let file = self(name)
    let folder = URL(filePath: file).deletingLastPathComponent()
    try! FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    precondition(descriptor >= 0, "\(file) can't be written")
    let content = Array(bytes)
    precondition(Foundation.write(descriptor, content, content.count) == content.count)
    close(descriptor)
    return file
  }
}
