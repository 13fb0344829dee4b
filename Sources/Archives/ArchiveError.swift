/// A tar archive that can't be read or written.
public enum ArchiveError: Error, Equatable, CustomStringConvertible {
  case noFile(String)
  /// `reason` as libarchive words it.
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  /// A member that could land outside the folder that an archive is unpacked to.
  case unsafePath(path: String, member: String)
  /// A link, device or the like.
  case notAFile(path: String, member: String)
  case tooLarge(path: String, member: String, bytes: Int64, limit: Int64)

  public var description: String {
    switch self {
    case .noFile(let path):
      "\(path): no such file"
    case .unreadable(let path, let reason):
      "\(path): is no tar archive, or a damaged one (\(reason))"
    case .unwritable(let path, let reason):
      "\(path): can't be written (\(reason))"
    case .unsafePath(let path, let member):
      "\(path): holds '\(member)'; a path below the archive's root, without '..', is expected"
    case .notAFile(let path, let member):
      "\(path): '\(member)' is a link or a device; only files and folders are read"
    case .tooLarge(let path, let member, let bytes, let limit):
      "\(path): '\(member)' has \(bytes) bytes; at most \(limit) are read"
    }
  }
}
