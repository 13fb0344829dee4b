internal import Inputs

/// An archive or a file of data that can't be read or written.
public enum ArchiveError: Error, Equatable, CustomStringConvertible {
  case noFile(String)
  /// `reason` as libarchive words it.
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  /// A member that could land outside the folder that an archive is unpacked to.
  case unsafePath(path: String, member: String)
  /// A link, device, sparse file or the like.
  case notAFile(path: String, member: String)
  case tooLarge(path: String, member: String, bytes: Int64, limit: Int64)
  /// `reason` as the system words it.
  case unreadableFile(path: String, reason: String)
  /// A file that ends before what lies in it does.
  case cutOff(path: String, count: Int, needed: Int)
  case damagedCompression(path: String, reason: String)

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
      "\(path): '\(member)' is a link or a device, or sparse; only plain files and folders are read"
    case .tooLarge(let path, let member, let bytes, let limit):
      "\(path): '\(member)' has \(bytes) bytes; at most \(limit) are read"
    case .unreadableFile(let path, let reason):
      "\(path): can't be read (\(reason))"
    case .cutOff(let path, let count, let needed):
      "\(path): is cut off: it has \(count) bytes where \(needed) are needed"
    case .damagedCompression(let path, let reason):
      "\(path): can't be decompressed (\(reason))"
    }
  }
}

extension ArchiveError {
  init(_ error: InputError, path: String) {
    self = error == .missing ? .noFile(path) : .unreadableFile(path: path, reason: "\(error)")
  }
}
