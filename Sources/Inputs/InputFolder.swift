internal import Foundation

/// Folders as they are: Foundation leaves out names that are not UTF-8, so that images would be
/// missing without a word.
public enum InputFolder {
  /// Folders in one another beyond that are a link that leads back.
  public static let depthLimit = 32

  /// The names of what lies in the folder at `path`, in byte order, hidden ones too.
  ///
  /// - Throws: `invalidName` for a name that is not UTF-8, with its other bytes in hexadecimal.
  public static func names(in path: String) throws(InputError) -> [String] {
    guard let folder = unsafe opendir(path) else {
      switch errno {
      case ENOENT: throw .missing
      case ENOTDIR: throw .system("it is no folder")
      case EACCES, EPERM: throw .noPermission
      default: throw .system(unsafe String(cString: strerror(errno)))
      }
    }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let bytes = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
        unsafe Array(name.prefix { $0 != 0 })
      }
      guard let name = String(validating: bytes, as: UTF8.self) else {
        throw .invalidName(shown(bytes))
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// A name with the bytes that are not ASCII as `\xff`.
  private static func shown(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      (0x20..<0x7f).contains(byte)
        ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
