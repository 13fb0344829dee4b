internal import Checkpoints
internal import Imaging
internal import TensorCore
internal import VisionModels

/// One optimisation of an encoder on the mixture of one or more tasks, with their heads learned
/// along (pretraining) or frozen (an expert). One trunk pass per step for the images of all tasks.
///
/// Every step's samples and augmentations are keyed by its number, so that a training resumed from
/// its state goes on as if it had never stopped.
struct EncoderTraining<Encoder: ImageEncoder>: Sendable {
  /// What tells this optimisation's draws from others: `pretrain`, `experts/digits`.
  let stage: String
  let encoder: Encoder
  let preprocessing: Preprocessing
  let tasks: [TrainingTask]
  let settings: OptimizationSettings
  let seed: UInt64
  let logitScale: Float
  let learnsHeads: Bool

  var state: EncoderTrainingState
  private let orders: [SampleOrder]

  /// - Parameter heads: one [C,E] per task, named as the task.
  init(
    stage: String, encoder: Encoder, preprocessing: Preprocessing, tasks: [TrainingTask],
    settings: OptimizationSettings, seed: UInt64, trunk: StateDict, heads: StateDict,
    logitScale: Float, learnsHeads: Bool
  ) {
    self.stage = stage
    self.encoder = encoder
    self.preprocessing = preprocessing
    self.tasks = tasks
    self.settings = settings
    self.seed = seed
    self.logitScale = logitScale
    self.learnsHeads = learnsHeads
    state = EncoderTrainingState(trunk: trunk, heads: heads, settings.optimizer)
    orders = tasks.map { task in
      SampleOrder(
        seed: seed, stage: stage, task: task.name, labels: task.train.labels,
        used: settings.imagesPerTask)
    }
  }

  var isFinished: Bool { state.step >= settings.steps }

  /// How many images of each task a step takes.
  var imagesPerStepAndTask: Int { max(1, settings.batchSize / tasks.count) }

  /// The mean loss and accuracy over the tasks of one step.
  struct StepOutcome {
    let loss: Double
    let accuracy: Double
    let imageCount: Int
  }

  /// Makes the next step.
  mutating func advance() throws(TrainingError) -> StepOutcome {
    let step = state.step
    let samples = batch(of: step)
    let pixels = preprocessing.normalize(samples.map(\.image))
    let (features, tape) = encoder.recordFeatures(of: pixels, parameters: state.trunk)

    let perTask = imagesPerStepAndTask
    let share = 1 / Float(tasks.count)
    var loss = 0.0
    var correctCount = 0
    var featureGradients: [Float] = []
    var headGradients = state.heads
    for (index, task) in tasks.enumerated() {
      let rows = index * perTask..<(index + 1) * perTask
      let classifier = CosineClassifier(weights: state.heads[task.name], scale: logitScale)
      let outcome = classifier.evaluate(
        features: features.rows(rows), labels: samples[rows].map(\.label),
        labelSmoothing: Float(settings.labelSmoothing))
      loss += outcome.loss / Double(tasks.count)
      correctCount += outcome.correctCount
      featureGradients += outcome.featureGradient.values.map { $0 * share }
      headGradients[task.name] = Tensor(
        shape: classifier.weights.shape, values: outcome.weightGradient.values.map { $0 * share })
    }
    guard loss.isFinite else { throw .diverged(stage: stage, step: step) }

    var gradients = StateDict(zeros: state.trunk.layout)
    encoder.accumulateGradients(
      of: Tensor(shape: features.shape, values: featureGradients), through: tape,
      parameters: state.trunk, into: &gradients)
    let rate = settings.schedule.rate(at: step)
    let clip = min(1, Float(settings.gradientClip) / max(gradients.norm, 1e-12))
    state.trunkOptimizer.update(
      &state.trunk, gradients: gradients, learningRate: rate, gradientScale: clip)
    if learnsHeads {
      state.headOptimizer.update(&state.heads, gradients: headGradients, learningRate: rate)
    }
    return StepOutcome(
      loss: loss, accuracy: Double(correctCount) / Double(samples.count),
      imageCount: samples.count)
  }

  /// The augmented samples of a step, task after task.
  private func batch(of step: Int) -> [TrainingSample] {
    let perTask = imagesPerStepAndTask
    let indices = orders.map { $0.indices(from: step * perTask, count: perTask) }
    return Parallel.map(tasks.count * perTask) { place in
      let task = tasks[place / perTask]
      let sample = task.train.sample(indices[place / perTask][place % perTask])
      var random = KeyedRandom(
        seed: seed, stage, "augmentation", task.name, "\(step * perTask + place % perTask)")
      return TrainingSample(
        image: task.augmentation.apply(to: sample.image, using: &random), label: sample.label)
    }
  }
}
