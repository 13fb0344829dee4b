public import Configuration
public import Datasets
internal import Foundation
public import Merging
public import Streams
public import VisionModels

/// One task of a suite: a name, test images, an expert and a head.
public struct TaskFiles: Sendable, Hashable {
  /// Where the test images are listed.
  public enum Images: Sendable, Hashable {
    /// A data set as it lies on disk.
    case dataset(DatasetSource)
    /// A CSV file with the columns `path` and `label`.
    case manifest(String)
  }

  public let name: String
  public let images: Images
  /// The fine-tuned encoder: a folder with `config.json` and `model.safetensors`, or a file of weights.
  public let expert: String
  /// The head's file; its metadata names the classes, or they are the class folders by name.
  public let head: String

  public init(name: String, images: Images, expert: String, head: String) {
    self.name = name
    self.images = images
    self.expert = expert
    self.head = head
  }

  /// The test images and, apart, their labels; with `skipsUnreadable` without the images that can't
  /// be decoded, and what is said of those.
  ///
  /// - Parameter head: the head's classes, which numbered labels may stand for.
  func load(
    head: [String]?, skipsUnreadable: Bool
  ) throws(EvaluationError) -> (images: LabeledImages, skipped: SkippedImages?) {
    let loaded = try load(head: head)
    guard skipsUnreadable else { return (loaded, nil) }
    do {
      return try loaded.readable()
    } catch {
      throw .dataset(error)
    }
  }

  /// The test images and, apart, their labels.
  ///
  /// - Parameter head: the head's classes, which numbered labels may stand for.
  public func load(head: [String]? = nil) throws(EvaluationError) -> LabeledImages {
    do throws(DatasetError) {
      switch images {
      case .dataset(let source): return try source.load(name: name, head: head)
      case .manifest(let path):
        do {
          return try Manifest.load(path, name: name)
        } catch {
          throw .stream(error)
        }
      }
    } catch {
      throw .dataset(error)
    }
  }
}

/// A base model and the tasks it was fine-tuned for, as `suite.yaml` describes them:
///
///     name: my-suite
///     backbone: vit-b-32                # what the results call the model; default: known by its sizes
///     base: models/base                 # config.json and model.safetensors
///     tasks:
///       - name: svhn
///         images: images/svhn/test      # one folder per class, or a data set as it lies on disk:
///         # layout: svhn                # a `DatasetLayout`; default: told from the files
///         # split: test                 # train, val, test, extra; default: test
///         # class_names: [zero, one]    # of numbered classes; or head: the numbers are its rows
///         # classes: [zero]             # those that are kept; default: all
///         # manifest: lists/svhn.csv    # instead of images: columns path,label
///         expert: models/experts/svhn   # default: models/experts/<name>
///         head: heads/svhn.safetensors  # default: heads/<name>.safetensors
///     mean: [0.48145466, 0.4578275, 0.40821073]                 # per channel; default: CLIP's
///     standard_deviation: [0.26862954, 0.26130258, 0.27577711]
///     interpolate_positions: true       # fit position embeddings to the images' size; default: false
///     hidden_act: gelu                  # of weights without a config.json; default: quick_gelu (CLIP)
///     task_vectors: bfloat16            # how they are kept; half the memory; default: float32
///
/// Relative paths start at the file's folder. The classes of a task are its head's; class folders
/// and labels are matched to them by name.
public struct TaskSuite: Sendable, Hashable {
  public let file: String
  public let name: String
  /// What results call the model; nil for what its sizes are known as.
  public let backbone: String?
  /// The folder or file of the base model.
  public let base: String
  /// In the file's order, each name once.
  public let tasks: [TaskFiles]
  /// Per channel, of pixels in 0...1; nil for CLIP's.
  public let mean: [Float]?
  public let standardDeviation: [Float]?
  /// How the models are loaded.
  public var loading: LoadingOptions
  /// How task vectors are kept.
  public let taskVectors: TaskVectorBank.Precision
  /// Whether test images that can't be decoded are left out; else they are an error.
  public var skipsUnreadable = false
  /// Where the suite's file says what; empty for a suite that was not read from one.
  var places: [SuitePlace: ConfigurationError.Place] = [:]

  public init(
    file: String, name: String, backbone: String?, base: String, tasks: [TaskFiles],
    mean: [Float]? = nil, standardDeviation: [Float]? = nil,
    loading: LoadingOptions = LoadingOptions(),
    taskVectors: TaskVectorBank.Precision = .float32
  ) {
    self.file = file
    self.name = name
    self.backbone = backbone
    self.base = base
    self.tasks = tasks
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.loading = loading
    self.taskVectors = taskVectors
  }

  /// Reads a suite's description; models and images are not looked at yet.
  ///
  /// - Parameter path: the file, or a folder that holds it as `suite.yaml`.
  public init(contentsOf path: String) throws(ConfigurationError) {
    try self.init(YAMLDocument(contentsOf: Self.file(at: path)))
  }

  /// - Parameter document: its file's folder is where relative paths start.
  /// - Throws: all that is wrong with it at once.
  public init(_ document: YAMLDocument) throws(ConfigurationError) {
    var problems = ConfigurationProblems()
    let reading = SuiteReading(document, &problems)
    if let error = problems.error { throw error }
    self = reading.suite!
  }

  public subscript(task: String) -> TaskFiles? { tasks.first { $0.name == task } }

  /// The suite's file: `path`, or `suite.yaml` in it if it is a folder.
  static func file(at path: String) -> String {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists && isFolder.boolValue ? "\(path)/suite.yaml" : path
  }
}
