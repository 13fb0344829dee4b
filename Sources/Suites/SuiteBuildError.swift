/// A suite that can't be built, or whose files are not those that were built.
public enum SuiteBuildError: Error, Equatable, CustomStringConvertible {
  case training(String)
  case image(path: String, reason: String)
  case file(path: String, reason: String)
  /// What `XXH128SUMS` says and what is there: each entry names one file.
  case differences([String])

  public var description: String {
    switch self {
    case .training(let reason): reason
    case .image(let path, let reason), .file(let path, let reason): "\(path): \(reason)"
    case .differences(let list): "the suite is not as it was built: " + list.joined(separator: "; ")
    }
  }
}
