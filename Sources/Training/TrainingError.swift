/// What can go wrong with the data, the settings or the files of a training.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A folder that should hold one folder of images per class, and why it can't be used.
  case folder(path: String, reason: String)
  /// A data set in another layout, and why it can't be used.
  case dataset(path: String, reason: String)
  /// An image of a training folder that can't be decoded.
  case image(path: String, reason: String)
  /// A setting outside what makes sense.
  case setting(name: String, reason: String)
  /// An output folder that holds the beginnings of another training.
  case otherSettings(path: String)
  /// A stage that needs the result of an earlier one which is not there.
  case missingStage(needed: String, path: String)
  /// A file of the training that can't be read or written.
  case file(path: String, reason: String)
  /// The loss is no number any more.
  case diverged(stage: String, step: Int)

  public var description: String {
    switch self {
    case .folder(let path, let reason):
      "\(path): \(reason); expected one folder per class, as in \(path)/CLASS/IMAGE.png"
    case .dataset(let path, let reason): "\(path): \(reason)"
    case .image(let path, let reason): "\(path): \(reason)"
    case .setting(let name, let reason): "\(name): \(reason)"
    case .otherSettings(let path):
      "\(path) was begun with other settings: "
        + "repeat them to resume, or choose another output folder"
    case .missingStage(let needed, let path): "\(path) is missing: run the stage '\(needed)' first"
    case .file(let path, let reason): "\(path): \(reason)"
    case .diverged(let stage, let step):
      "\(stage): the loss is not finite at step \(step); lower the learning rate"
    }
  }
}
