import Foundation

/// A folder of one test, removed with its last reference.
public final class TemporaryFolder: Sendable {
  /// Without a slash at its end.
  public let path: String

  public init() throws {
    path = FileManager.default.temporaryDirectory
      .appending(path: "mergeshift-test-\(UUID().uuidString)").path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes `bytes` to `relative` below the folder, making folders as needed, and gives the path.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>, to relative: String) throws -> String {
    let file = URL(filePath: "\(path)/\(relative)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file.path(percentEncoded: false)
  }

  @discardableResult
  public func write(_ text: String, to relative: String) throws -> String {
    try write(text.utf8, to: relative)
  }
}
