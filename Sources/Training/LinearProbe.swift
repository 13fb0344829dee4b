internal import Checkpoints
internal import TensorCore

/// Learns a head on frozen features: from the class means on, by AdamW on the cross entropy.
enum LinearProbe {
  /// - Parameters:
  ///   - features: [N,E] of the training images.
  ///   - path: keys the order of the samples.
  static func train(
    features: Tensor, labels: [Int], classCount: Int, settings: ProbeSettings, logitScale: Float,
    seed: UInt64, path: String
  ) -> CosineClassifier {
    let start = CosineClassifier.classMeans(
      features: features, labels: labels, classCount: classCount, scale: logitScale)
    guard settings.steps > 0 else { return start }
    let layout = ParameterLayout([(name: "weight", shape: start.weights.shape)])
    var weights = StateDict(layout: layout, values: start.weights.values)
    var optimizer = AdamW(layout, .init(weightDecay: 0))
    let schedule = LearningRateSchedule(
      peak: settings.learningRate, warmupSteps: min(20, settings.steps),
      totalSteps: settings.steps)
    let width = features.rowLength
    let batchSize = min(settings.batchSize, labels.count)
    for step in 0..<settings.steps {
      var random = KeyedRandom(seed: seed, path, "probe", "\(step)")
      var rows: [Float] = []
      var targets: [Int] = []
      for _ in 0..<batchSize {
        let row = random.integer(in: 0..<labels.count)
        rows += features.values[row * width..<(row + 1) * width]
        targets.append(labels[row])
      }
      let outcome = CosineClassifier(weights: weights["weight"], scale: logitScale).evaluate(
        features: Tensor(shape: [batchSize, width], values: rows), labels: targets,
        labelSmoothing: Float(settings.labelSmoothing))
      let gradients = StateDict(layout: layout, values: outcome.weightGradient.values)
      optimizer.update(&weights, gradients: gradients, learningRate: schedule.rate(at: step))
    }
    let learned = CosineClassifier(weights: weights["weight"], scale: logitScale)
    return CosineClassifier(weights: learned.normalizedWeights, scale: logitScale)
  }
}
