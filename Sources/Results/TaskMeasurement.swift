public import Statistics

/// What was measured on one task's test images.
public struct TaskMeasurement: Codable, Hashable, Sendable {
  public let task: String
  /// Whether the task's expert is part of the merge.
  public let seen: Bool
  /// Whether each image was predicted right, in the order of the evaluated stream: enough for paired
  /// tests between two records of the same images.
  public let outcomes: OutcomeBits
  /// The hash of the images' ids in that order: outcomes with the same one are of the same images.
  public let samplesHash: String
  /// The mean over samples of the entropy of the softmax, in nats.
  public let meanEntropy: Double
  /// The mean over samples of `-ln p` of the true class, in nats.
  public let negativeLogLikelihood: Double
  /// The mean over samples of the squared distance of the softmax from the true class's unit vector,
  /// 0 to 2.
  public let brierScore: Double
  /// The share of samples that fall to the class predicted most often, 0 to 1: 1 is collapse.
  public let largestPredictedClassShare: Double
  /// The entropy of the mean softmax, in nats: 0 is collapse, ln(classes) an even spread.
  public let meanPredictionEntropy: Double
  /// Spearman's rank correlation, over samples, of the entropy and the loss `-ln p`, -1 to 1: whether
  /// what an entropy objective minimises still goes with what it stands for. Nil where all entropies
  /// or all losses are equal.
  public let entropyLossSpearman: Double?
  /// Confidence against accuracy in 15 bins.
  public let reliability: Reliability

  public init(
    task: String, seen: Bool, outcomes: OutcomeBits, samplesHash: String, meanEntropy: Double,
    negativeLogLikelihood: Double, brierScore: Double, largestPredictedClassShare: Double,
    meanPredictionEntropy: Double, entropyLossSpearman: Double?, reliability: Reliability
  ) {
    precondition(reliability.samples == outcomes.count, "confidences of the same samples")
    self.task = task
    self.seen = seen
    self.outcomes = outcomes
    self.samplesHash = samplesHash
    self.meanEntropy = meanEntropy
    self.negativeLogLikelihood = negativeLogLikelihood
    self.brierScore = brierScore
    self.largestPredictedClassShare = largestPredictedClassShare
    self.meanPredictionEntropy = meanPredictionEntropy
    self.entropyLossSpearman = entropyLossSpearman
    self.reliability = reliability
  }

  /// Whether the parts are of the same samples, one at least.
  var isConsistent: Bool { samples > 0 && reliability.samples == samples }

  public var samples: Int { outcomes.count }
  /// The share of samples whose largest logit is the true class's, 0 to 1.
  public var accuracy: Double { outcomes.accuracy }
  /// `1 - accuracy`, counted, not subtracted.
  public var error: Double { Double(samples - outcomes.correct) / Double(samples) }
  /// 0 to 1.
  public var expectedCalibrationError: Double { reliability.expectedCalibrationError }
  /// The accuracy's 95 % bootstrap interval over images.
  public var accuracyInterval: Interval {
    Bootstrap().interval(ofAccuracy: outcomes.correct, of: samples)
  }

  /// How this measurement's outcomes stand to a baseline's; nil unless both are of the same images.
  public func paired(with baseline: TaskMeasurement) -> PairedOutcomes? {
    guard task == baseline.task, samples == baseline.samples,
      samplesHash == baseline.samplesHash
    else { return nil }
    return PairedOutcomes(method: outcomes, baseline: baseline.outcomes)
  }
}
