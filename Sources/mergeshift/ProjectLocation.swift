import Foundation

/// Where the recipes (`corruptions/`) and the embedded suite (`fixtures/`) lie: below
/// `MERGESHIFT_HOME` if set, else the working folder or the nearest folder above it or above the
/// executable that holds them.
enum ProjectLocation {
  static func corruptions() throws -> String { try folder("corruptions") }
  static func fixtures() throws -> String { try folder("fixtures") }

  private static func folder(_ name: String) throws -> String {
    for start in starts() {
      var candidate = URL(filePath: start, directoryHint: .isDirectory).standardizedFileURL
      while true {
        let folder = candidate.appending(path: name, directoryHint: .isDirectory)
        // A README marks the project's own folder, so that a stranger's `fixtures` is not taken.
        let marker = folder.appending(path: "README.md")
        if FileManager.default.fileExists(atPath: marker.path(percentEncoded: false)) {
          return folder.path(percentEncoded: false)
        }
        if candidate.path(percentEncoded: false) == "/" { break }
        candidate = candidate.deletingLastPathComponent()
      }
    }
    throw CommandFailure.input(
      "no folder '\(name)' of MergeShift found from here or from the executable: "
        + "run inside a checkout or set MERGESHIFT_HOME to one")
  }

  private static func starts() -> [String] {
    if let home = ProcessInfo.processInfo.environment["MERGESHIFT_HOME"], !home.isEmpty {
      return [home]
    }
    let executable = Bundle.main.executableURL?.resolvingSymlinksInPath()
    return [FileManager.default.currentDirectoryPath]
      + (executable.map { [$0.deletingLastPathComponent().path(percentEncoded: false)] } ?? [])
  }
}
