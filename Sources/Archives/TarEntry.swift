/// Where a file lies in an uncompressed tar archive.
public struct TarEntry: Sendable, Hashable {
  /// As of an `ArchiveMember`.
  public let path: String
  /// Of the content's first byte, from the archive's beginning.
  public let offset: Int
  /// In bytes.
  public let count: Int

  public init(path: String, offset: Int, count: Int) {
    self.path = path
    self.offset = offset
    self.count = count
  }
}
