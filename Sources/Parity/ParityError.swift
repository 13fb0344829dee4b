public import Checkpoints
public import Merging
public import VisionModels

/// Why a folder can't be compared with what PyTorch made of it.
public enum ParityError: Error, Equatable, CustomStringConvertible {
  /// A folder that is not laid out like a parity set.
  case notASet(folder: String, reason: String)
  /// A golden value that contradicts the models or that is not supported, and what would be right.
  case unsuitable(file: String, name: String, problem: String)
  case model(ModelError)
  case checkpoint(CheckpointError)
  case merging(MergingError)

  public var description: String {
    switch self {
    case .notASet(let folder, let reason):
      "\(folder): not a parity set: \(reason); Tests/parity/run.py makes such folders: base, ft0 and "
        + "so on, head0.safetensors and so on, inputs.safetensors, golden.safetensors, golden.json, "
        + "ties_masks.safetensors"
    case .unsuitable(let file, let name, let problem): "\(file): \(name): \(problem)"
    case .model(let error): "\(error)"
    case .checkpoint(let error): "\(error)"
    case .merging(let error): "\(error)"
    }
  }
}
