/// What an adaptation went through until a cell was evaluated, as the cell's record keeps it.
public struct AdaptationSummary: Codable, Hashable, Sendable {
  /// One step, before it changed the coefficients. Lists by task go by `tasks`.
  public struct Step: Codable, Hashable, Sendable {
    /// From 1, over all phases of a stream.
    public let step: Int
    /// What was minimised: a sum over tasks and batches.
    public let loss: Double
    /// The mean over layers of each expert's coefficient, in the order of `experts`.
    public let coefficients: [Double]
    /// Those that had images in the step.
    public let tasks: [String]
    /// Nats.
    public let meanEntropies: [Double]
    /// 0 to 1.
    public let largestClassShares: [Double]
    /// Of the mean prediction; nats.
    public let meanPredictionEntropies: [Double]
    /// Of a prequential evaluation: the images predicted, and those that were right; else nil.
    public let onlineSamples: [Int]?
    public let onlineCorrect: [Int]?

    public init(
      step: Int, loss: Double, coefficients: [Double], tasks: [String], meanEntropies: [Double],
      largestClassShares: [Double], meanPredictionEntropies: [Double], onlineSamples: [Int]? = nil,
      onlineCorrect: [Int]? = nil
    ) {
      self.step = step
      self.loss = loss
      self.coefficients = coefficients
      self.tasks = tasks
      self.meanEntropies = meanEntropies
      self.largestClassShares = largestClassShares
      self.meanPredictionEntropies = meanPredictionEntropies
      self.onlineSamples = onlineSamples
      self.onlineCorrect = onlineCorrect
      precondition(isConsistent, "one value for each task")
    }

    /// Whether there is one value for each task.
    fileprivate var isConsistent: Bool {
      [meanEntropies.count, largestClassShares.count, meanPredictionEntropies.count]
        .allSatisfy { $0 == tasks.count }
        && [onlineSamples, onlineCorrect].allSatisfy { $0 == nil || $0!.count == tasks.count }
    }
  }

  /// The tasks whose experts are merged.
  public let experts: [String]
  /// The tensors with coefficients of their own; `all` for task-wise coefficients.
  public let layers: [String]
  /// The coefficients that were evaluated, experts x layers, one expert after another.
  public let coefficients: [Double]
  /// The share of the coefficients that lie on an end of their range; nil if they have none.
  public let clampedShare: Double?
  /// Steps made until the evaluation.
  public let steps: Int
  /// The mean over these steps.
  public let secondsPerStep: Double
  /// The steps of the phase that was evaluated, or all steps.
  public let trajectory: [Step]

  public init(
    experts: [String], layers: [String], coefficients: [Double], clampedShare: Double?, steps: Int,
    secondsPerStep: Double, trajectory: [Step]
  ) {
    self.experts = experts
    self.layers = layers
    self.coefficients = coefficients
    self.clampedShare = clampedShare
    self.steps = steps
    self.secondsPerStep = secondsPerStep
    self.trajectory = trajectory
    precondition(isConsistent, "experts x layers; a value for each expert in every step")
  }

  /// Whether there is a coefficient for each expert and layer, and one for each expert in every step.
  var isConsistent: Bool {
    coefficients.count == experts.count * layers.count
      && trajectory.allSatisfy { $0.isConsistent && $0.coefficients.count == experts.count }
  }
}
