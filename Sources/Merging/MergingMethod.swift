public import VisionModels

/// A way to merge experts into one model.
///
/// To add one: a type in `Methods/` and a line in `MethodCatalog`.
public protocol MergingMethod: Sendable {
  /// As plans and results write it: `task-arithmetic`.
  var name: String { get }

  /// Merges the experts of `bank`.
  ///
  /// - Parameter data: the unlabeled images that an adaptive method adapts to; a static method does
  ///   not look at them.
  func merge(
    _ bank: TaskVectorBank, adaptingTo data: AdaptationData?
  ) throws(MergingError) -> MergedModel
}

extension MergingMethod {
  /// Merges without images.
  ///
  /// - Throws: `noBatches` for an adaptive method.
  public func merge(_ bank: TaskVectorBank) throws(MergingError) -> MergedModel {
    try merge(bank, adaptingTo: nil)
  }
}

/// A method that looks at unlabeled images of the tasks.
public protocol AdaptiveMethod: MergingMethod {
  /// How many images it takes of each task, and in which order; only AdaMerging knows the rest.
  var settings: AdaMergingSettings { get }
}

/// What an adaptive method may see of the tasks: unlabeled images and classifiers.
public struct AdaptationData: Sendable {
  public struct Task: Sendable {
    public let name: String
    public let head: ClassificationHead
    public var batches: any UnlabeledBatches

    public init(name: String, head: ClassificationHead, batches: any UnlabeledBatches) {
      self.name = name
      self.head = head
      self.batches = batches
    }
  }

  public let encoder: any ImageEncoder
  public var tasks: [Task]
  /// Called after every step, on the thread that merges.
  public var onStep: (@Sendable (AdaptationStep) -> Void)?

  public init(
    encoder: any ImageEncoder, tasks: [Task],
    onStep: (@Sendable (AdaptationStep) -> Void)? = nil
  ) {
    self.encoder = encoder
    self.tasks = tasks
    self.onStep = onStep
  }
}

extension AdaptationData {
  /// The stream of an expert's task.
  ///
  /// - Throws: `noBatches` if there is none.
  func stream(of task: String, method: String) throws(MergingError) -> Task {
    guard let stream = tasks.first(where: { $0.name == task }) else {
      throw .noBatches(method: method)
    }
    return stream
  }
}

/// What one step of an adaptation found, before it changed the coefficients.
public struct AdaptationStep: Sendable, Equatable, Codable {
  /// From 1.
  public let step: Int
  /// The sum over tasks and batches that was minimised.
  public let loss: Double
  /// The tasks that had images in the step, which the lists by task go by.
  public let tasks: [String]
  /// The mean entropy in nats over the images of each task.
  public let entropies: [Double]
  /// The mean over the layers of the coefficient of each expert.
  public let coefficients: [Double]
  /// The share of the class that is predicted most often among the images of each task: near 1
  /// where the predictions collapse to one class.
  public let largestClassShares: [Double]
  /// The entropy in nats of the mean prediction of each task: near 0 at a collapse.
  public let meanPredictionEntropies: [Double]

  /// Whether there is a value for each task.
  var isConsistent: Bool {
    [entropies, largestClassShares, meanPredictionEntropies].allSatisfy { $0.count == tasks.count }
  }
}
