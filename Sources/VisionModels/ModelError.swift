public import Checkpoints

/// What is wrong with a model's files.
public enum ModelError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case invalidConfiguration(path: String, key: String, problem: String)
  case invalidHead(path: String, problem: String)
  /// Weights whose names are those of no known layout.
  case unknownLayout(path: String, lookedFor: [String])
  /// Weights without a configuration, whose shapes don't tell the architecture.
  case unknownArchitecture(path: String, problem: String)
  /// Position embeddings for images of another size.
  case differentResolution(path: String, embedded: Int, wanted: Int)
  /// The weights' file, or how its tensors fit the configuration.
  case checkpoint(CheckpointError)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): can't be read: \(reason)"
    case .unwritable(let path, let reason): "\(path): can't be written: \(reason)"
    case .invalidConfiguration(let path, let key, let problem): "\(path): \(key) \(problem)"
    case .invalidHead(let path, let problem): "\(path): not a classification head: \(problem)"
    case .unknownLayout(let path, let names):
      "\(path): no vision transformer in a known layout: it should have one of the tensors "
        + names.joined(separator: ", ")
    case .unknownArchitecture(let path, let problem):
      "\(path): the architecture can't be told from the shapes: \(problem); put Hugging Face's "
        + "config.json beside it"
    case .differentResolution(let path, let embedded, let wanted):
      "\(path): its position embeddings are for images of \(embedded) pixels, not \(wanted); they "
        + "are interpolated only if asked for: --interpolate-positions"
    case .checkpoint(let error): error.description
    }
  }
}
