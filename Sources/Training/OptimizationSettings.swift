/// How an encoder is optimised: AdamW, warm-up and cosine, on batches of augmented images.
public struct OptimizationSettings: Sendable, Hashable, Codable {
  public var steps: Int
  /// Images per step, of all tasks together; shared evenly among the tasks.
  public var batchSize: Int
  /// The peak of the schedule.
  public var learningRate: Double
  public var warmupSteps: Int
  /// What is left of the learning rate at the end.
  public var finalShare: Double
  public var labelSmoothing: Double
  /// The largest norm of a step's gradient; longer ones are scaled down to it.
  public var gradientClip: Double
  public var optimizer: AdamW.Settings
  /// How many training images of each task are used, chosen by the seed; 0 for all.
  public var imagesPerTask: Int

  public init(
    steps: Int, batchSize: Int, learningRate: Double, warmupSteps: Int? = nil,
    finalShare: Double = 0.01, labelSmoothing: Double = 0.1, gradientClip: Double = 1,
    optimizer: AdamW.Settings = .init(), imagesPerTask: Int = 0
  ) {
    self.steps = steps
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.warmupSteps = warmupSteps ?? steps / 20
    self.finalShare = finalShare
    self.labelSmoothing = labelSmoothing
    self.gradientClip = gradientClip
    self.optimizer = optimizer
    self.imagesPerTask = imagesPerTask
  }

  var schedule: LearningRateSchedule {
    LearningRateSchedule(
      peak: learningRate, warmupSteps: warmupSteps, totalSteps: steps, finalShare: finalShare)
  }

  /// Throws `TrainingError.setting` for values that no training can have.
  func validate(_ stage: String) throws(TrainingError) {
    func require(
      _ holds: Bool, _ name: String, _ reason: String
    ) throws(TrainingError) {
      if !holds { throw .setting(name: "\(stage) \(name)", reason: reason) }
    }
    try require(steps > 0, "steps", "\(steps), at least 1 needed")
    try require(batchSize > 0, "batch size", "\(batchSize), at least 1 needed")
    try require(
      learningRate > 0 && learningRate.isFinite, "learning rate",
      "\(learningRate), a positive number needed")
    try require(
      (0...steps).contains(warmupSteps), "warm-up", "\(warmupSteps) steps of \(steps) in all")
    try require(
      (0..<1).contains(labelSmoothing), "label smoothing", "\(labelSmoothing) is not in 0..<1")
    try require(gradientClip > 0, "gradient clip", "\(gradientClip), a positive number needed")
    try require(imagesPerTask >= 0, "images per task", "\(imagesPerTask) is negative")
  }
}
