public import Checkpoints

/// What is wrong with a model's files.
public enum ModelError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case invalidConfiguration(path: String, key: String, problem: String)
  case invalidHead(path: String, problem: String)
  /// The weights' file, or how its tensors fit the configuration.
  case checkpoint(CheckpointError)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): can't be read: \(reason)"
    case .unwritable(let path, let reason): "\(path): can't be written: \(reason)"
    case .invalidConfiguration(let path, let key, let problem): "\(path): \(key) \(problem)"
    case .invalidHead(let path, let problem): "\(path): not a classification head: \(problem)"
    case .checkpoint(let error): error.description
    }
  }
}
