internal import Configuration

/// Why models can't be merged, or an adaptation can't go on.
public enum MergingError: Error, Equatable, CustomStringConvertible {
  // Experts.
  case noExperts
  case duplicateTask(String)
  /// Everything that keeps experts and base model from being merged.
  case incompatibleExperts([ExpertComparison.Mismatch])
  /// Of the temporary files of task vectors that are too large for memory.
  case noRoom(folder: String, reason: String)

  // Adaptation.
  case noBatches(method: String)
  case differentLayout(method: String)
  case differentWidth(method: String, task: String, head: Int, encoder: Int)
  /// - layer: the first whose outputs are no numbers; nil if it can't be told.
  case nonFiniteEntropy(method: String, task: String, step: Int, layer: String? = nil)
  case nonFiniteGradient(method: String, task: String, step: Int, layer: String)
  /// The least squares of a layer have no one solution.
  case unsolvable(method: String, layer: String)
  case differentState(method: String, reason: String)
  /// A saved adaptation that was made with other settings, models or images: in these.
  case differentCheckpoint(path: String, differences: [String])

  // Coefficients and methods from outside.
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case unsuitableCoefficients(reason: String)
  case unknownMethod(String, known: [String])

  public var description: String {
    switch self {
    case .noExperts: "a merge needs at least one expert"
    case .duplicateTask(let task): "two experts are named '\(task)'; name each task once"
    case .incompatibleExperts(let mismatches):
      "the models can't be merged, \(mismatches.count) mismatches:"
        + mismatches.map { "\n  \($0)" }.joined()
    case .noRoom(let folder, let reason):
      "\(folder): the task vectors' temporary files can't be used: \(reason); "
        + "TMPDIR may name another folder with room for them"
    case .noBatches(let method):
      "\(method) adapts to images: it needs a stream of at least one task"
    case .differentLayout(let method):
      "\(method): the encoder's parameters are not those of the experts"
    case .differentWidth(let method, let task, let head, let encoder):
      "\(method): the head of task '\(task)' is for features of width \(head), the encoder's have "
        + "\(encoder)"
    case .nonFiniteEntropy(let method, let task, let step, let layer):
      "\(method): the entropy on task '\(task)' is NaN or infinite at step \(step)"
        + (layer.map { "; the first values that are lie behind \($0)" } ?? "")
    case .nonFiniteGradient(let method, let task, let step, let layer):
      "\(method): the gradient of task '\(task)' in layer \(layer) is NaN or infinite at step "
        + "\(step)"
    case .unsolvable(let method, let layer):
      "\(method): the least squares of layer \(layer) can't be solved: the images are too few or too "
        + "alike; take more of them, or a smaller alpha"
    case .differentState(let method, let reason):
      "\(method): the state to resume from is another run's: \(reason)"
    case .differentCheckpoint(let path, let differences):
      "\(path): was made with other settings: \(differences.joined(separator: "; ")); go on with "
        + "the same, or start anew without --resume"
    case .unreadable(let path, let reason): "\(path): can't be read: \(reason)"
    case .unwritable(let path, let reason): "\(path): can't be written: \(reason)"
    case .unsuitableCoefficients(let reason): "coefficients: \(reason)"
    case .unknownMethod(let name, let known):
      "no merging method '\(name)'"
        + (Spelling.nearest(to: name, in: known).map { "; did you mean '\($0)'?" }
          ?? "; there are \(known.joined(separator: ", "))")
    }
  }
}
