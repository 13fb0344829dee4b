public import TensorCore

/// What is wrong with a model's files.
public enum ModelError: Error, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case invalidConfiguration(path: String, key: String, problem: String)
  /// The checkpoint lacks a parameter that the configuration asks for.
  case missingParameter(path: String, name: String, shape: Shape)
  /// The checkpoint has a parameter of another shape than the configuration asks for.
  case wrongShape(path: String, name: String, expected: Shape, got: Shape)
  /// The checkpoint has the same parameter twice, with and without a prefix.
  case duplicateParameter(path: String, name: String)
  case invalidHead(path: String, problem: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): can't be read: \(reason)"
    case .unwritable(let path, let reason): "\(path): can't be written: \(reason)"
    case .invalidConfiguration(let path, let key, let problem): "\(path): \(key) \(problem)"
    case .missingParameter(let path, let name, let shape):
      "\(path): lacks the parameter \(name) of shape \(shape)"
    case .wrongShape(let path, let name, let expected, let got):
      "\(path): \(name) has shape \(got), its config.json asks for \(expected)"
    case .duplicateParameter(let path, let name):
      "\(path): has \(name) twice, with and without the prefix vision_model"
    case .invalidHead(let path, let problem): "\(path): not a classification head: \(problem)"
    }
  }
}
