import Foundation
import Testing

/// A small disk in memory, for the tests that fill one. Only root can mount it.
final class MountedDisk {
  let path: String

  /// Whether this machine lets the tests mount disks.
  static let isSupported: Bool = {
    guard getuid() == 0, let disk = try? MountedDisk(kibibytes: 64) else { return false }
    return FileManager.default.fileExists(atPath: disk.path)
  }()

  init(kibibytes: Int) throws {
    path = FileManager.default.temporaryDirectory
      .appending(path: "mergeshift-disk-\(UUID().uuidString)").path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Self.system("mount", "-t", "tmpfs", "-o", "size=\(kibibytes)k", "tmpfs", path)
  }

  func remount(_ options: String) throws {
    try Self.system("mount", "-o", "remount,\(options)", path)
  }

  deinit {
    try? Self.system("umount", path)
    try? FileManager.default.removeItem(atPath: path)
  }

  private static func system(_ words: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.featureUnsupported) }
  }
}
