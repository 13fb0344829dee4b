/// Why a file is not read; whoever asked knows its name.
public enum InputError: Error, Equatable, Sendable, CustomStringConvertible {
  case missing
  /// A symbolic link that leads to nothing.
  case danglingLink
  case folder
  /// A pipe, socket or device, which may never end or never begin.
  case special
  case noPermission
  case tooLarge(bytes: Int, limit: Limit, value: Int)
  /// The file has become shorter since it was opened.
  case shortened(bytes: Int, needed: Int)
  case notText
  /// Of a file in a folder.
  case invalidName(String)
  case foldersTooDeep(limit: Int)
  /// `reason` as the system words it.
  case system(String)

  public var description: String {
    switch self {
    case .missing: "no such file"
    case .danglingLink: "it is a link to a file that is not there"
    case .folder: "it is a folder, not a file"
    case .special: "it is a pipe, socket or device, not a file"
    case .noPermission: "permission denied"
    case .tooLarge(let bytes, let limit, let value):
      "it has \(bytes) bytes, the limit \(limit.rawValue) is \(value)"
    case .shortened(let bytes, let needed):
      "it has become shorter while it was read: \(bytes) bytes where \(needed) are needed"
    case .invalidName(let name): "the name '\(name)' in it is not UTF-8; rename it"
    case .foldersTooDeep(let limit):
      "folders lie more than \(limit) deep in one another; does a link lead back?"
    case .notText: "it is no text in UTF-8"
    case .system(let reason): reason
    }
  }
}
