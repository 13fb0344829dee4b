public import Checkpoints
public import Configuration
public import Corruptions
public import Datasets
public import Imaging
public import Merging
public import Results
public import Streams
public import VisionModels

/// Why a plan can't run, or a cell has no result.
public enum EvaluationError: Error, CustomStringConvertible {
  /// Everything that keeps a plan or a suite from being run, found before anything ran.
  case unsuitable(file: String, problems: [String])
  case unknownTask(String, suite: String, known: [String])
  /// A baseline for tables that no experiment of the plan runs.
  case unknownBaseline(String, plan: String, known: [String])
  /// A model whose sizes differ from the base model's: in these keys.
  case differentArchitecture(path: String, base: String, differences: [String])
  /// Images that are cropped to another size than the model's.
  case differentCrop(path: String, crop: Int, model: Int)
  /// A head for features of another width.
  case wrongHeadWidth(path: String, expected: Int, got: Int)
  /// Classes of a task's images that its head, which knows its classes by name, does not have.
  case unknownClasses([String], task: String, head: String, known: [String])
  /// As many classes as the head, which has no names for its rows, has not.
  case differentClassCount(Int, task: String, head: String, rows: Int)
  case configuration(ConfigurationError)
  case stream(StreamError)
  case dataset(DatasetError)
  case image(ImageError)
  case corruption(CorruptionError)
  case checkpoint(CheckpointError)
  case model(ModelError)
  case merging(MergingError)
  case result(ResultError)
  /// The outputs for some images of a task are no numbers: the weights overflow.
  case nonFiniteOutputs(method: String, task: String, images: Int, of: Int, layer: String?)
  /// A file of weights whose content is no longer what it was when the run began.
  case changedFile(String)
  /// An image whose content is no longer what it was when the run began.
  case changedImage(String)
  /// The run was asked to stop, and keeps what it has.
  case interrupted
  /// Room for prepared images can't be had.
  case cache(path: String, reason: String)

  public var description: String {
    switch self {
    case .unsuitable(let file, let problems):
      "\(file) can't be used:" + problems.map { "\n  - \($0)" }.joined()
    case .unknownTask(let task, let suite, let known):
      "\(suite) has no task '\(task)'"
        + (Spelling.nearest(to: task, in: known).map { "; did you mean '\($0)'?" }
          ?? "; it has \(known.joined(separator: ", "))")
    case .unknownBaseline(let name, let plan, let known):
      "\(plan): no experiment runs the baseline '\(name)'; "
        + (Spelling.nearest(to: name, in: known).map { "did you mean '\($0)'? " } ?? "")
        + "the plan has \(known.joined(separator: ", "))"
    case .differentArchitecture(let path, let base, let differences):
      "\(path): is another model than the base model, \(base): "
        + "\(differences.joined(separator: "; ")); it should be that model, fine-tuned"
    case .differentCrop(let path, let crop, let model):
      "\(path): its preprocessor_config.json crops images to \(crop) pixels, its position "
        + "embeddings are for \(model); interpolate_positions: true in the suite's file, or "
        + "--interpolate-positions, fits them to the images"
    case .wrongHeadWidth(let path, let expected, let got):
      "\(path): is a head for features of width \(got), the base model's have \(expected); make one "
        + "on its features"
    case .unknownClasses(let classes, let task, let head, let known):
      "\(task): classes that \(head) does not have: \(classes.joined(separator: ", ")); it has "
        + "\(known.joined(separator: ", ")): name the classes as the head does"
        + (classes.allSatisfy { Int($0) != nil } && !known.contains { Int($0) != nil }
          ? "; class_names: head takes the numbers as the head's rows, from 0" : "")
    case .differentClassCount(let count, let task, let head, let rows):
      "\(task): \(count) classes, but \(head) has \(rows) rows without names; they should be as many, "
        + "in the order of the names"
    case .configuration(let error): "\(error)"
    case .stream(let error): "\(error)"
    case .dataset(let error): "\(error)"
    case .image(let error): "\(error)"
    case .corruption(let error): "\(error)"
    case .checkpoint(let error): "\(error)"
    case .model(let error): "\(error)"
    case .merging(let error): "\(error)"
    case .result(let error): "\(error)"
    case .nonFiniteOutputs(let method, let task, let images, let total, let layer):
      "\(method): the outputs on task '\(task)' are NaN or infinite for \(images) of \(total) images"
        + (layer.map { "; the first values that are lie behind \($0)" } ?? "")
    case .changedFile(let path):
      "\(path): has changed since the run began, so its results would be of other weights than they "
        + "say; finished cells are kept, and the same command begins with what is there now"
    case .changedImage(let image):
      "\(image): has changed since the run began, so the result would be of other images than it "
        + "says; the same command begins with what is there now"
    case .interrupted: "the run was asked to stop"
    case .cache(let path, let reason):
      "\(path): can't hold the prepared images (\(reason)); set TMPDIR to a folder with more room"
    }
  }
}
