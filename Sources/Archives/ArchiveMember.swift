/// A file in an archive.
public struct ArchiveMember: Sendable, Hashable {
  /// Relative, parts apart by `/`, none of them empty or `..`: safe below any folder.
  public let path: String
  public let content: [UInt8]

  public init(path: String, content: [UInt8]) {
    self.path = path
    self.content = content
  }

  /// Whether a path stays below the folder that it is put in.
  static func isSafe(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return !parts.contains("") && !parts.contains("..") && !parts.contains(".")
      && !path.contains("\0")
  }
}
