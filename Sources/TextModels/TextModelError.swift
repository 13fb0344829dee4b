public import Checkpoints
internal import VisionModels

/// What is wrong with a text tower's files or with a text for it.
public enum TextModelError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case invalidConfiguration(path: String, key: String, problem: String)
  /// Weights in which none of the names of a text tower is found.
  case noTextTower(path: String, lookedFor: [String])
  /// Weights without a configuration, whose shapes don't tell the architecture.
  case unknownArchitecture(path: String, problem: String)
  /// The folder has no files of a tokenizer.
  case noTokenizer(directory: String)
  case invalidTokenizer(path: String, problem: String)
  /// A line of `merges.txt`, counted from 1.
  case invalidMerge(path: String, line: Int, problem: String)
  /// The weights' file, or how its tensors fit the configuration.
  case checkpoint(CheckpointError)
  /// A text's tokens that the model can't take.
  case invalidTokens(problem: String)
  /// The model embeds a text as zeros or as no numbers at all.
  case invalidEmbedding(of: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): can't be read: \(reason)"
    case .invalidConfiguration(let path, let key, let problem): "\(path): \(key) \(problem)"
    case .noTextTower(let path, let names):
      "\(path): no text tower in a known layout: it should have one of the tensors "
        + names.joined(separator: ", ")
    case .unknownArchitecture(let path, let problem):
      "\(path): the text tower's architecture can't be told from the shapes: \(problem)"
    case .noTokenizer(let directory):
      "\(directory): no tokenizer: it should have vocab.json and merges.txt, or tokenizer.json"
    case .invalidTokenizer(let path, let problem): "\(path): not CLIP's tokenizer: \(problem)"
    case .invalidMerge(let path, let line, let problem): "\(path):\(line): \(problem)"
    case .checkpoint(let error): error.description
    case .invalidTokens(let problem): "the tokens of a text: \(problem)"
    case .invalidEmbedding(let text):
      "'\(text)' has an embedding without direction: the checkpoint's weights are zero or not finite"
    }
  }
}

extension TextModelError {
  /// The same problem of a checkpoint's files.
  init(_ error: ModelError) {
    switch error {
    case .invalidConfiguration(let path, let key, let problem):
      self = .invalidConfiguration(path: path, key: key, problem: problem)
    case .unreadable(let path, let reason): self = .unreadable(path: path, reason: reason)
    case .checkpoint(let error): self = .checkpoint(error)
    default: self = .unreadable(path: "the checkpoint", reason: "\(error)")
    }
  }
}
