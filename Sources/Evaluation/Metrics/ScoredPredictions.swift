public import Results
public import Statistics
public import Streams
internal import TensorCore

/// Predictions with their labels joined, by sample id, and what follows from both.
public struct ScoredPredictions: Sendable {
  public let samples: [SampleID]
  /// One of each sample.
  public let scores: [SampleScores]
  private let statistics: PredictionStatistics

  /// - Parameter labels: as places among the predictions' classes; has every sample.
  public init(_ predictions: Predictions, labels: Labels) {
    precondition(labels.classNames.count == predictions.classCount, "labels of the same classes")
    samples = predictions.samples
    scores = samples.enumerated().map { row, sample in
      guard let label = labels[sample] else { preconditionFailure("no label for \(sample)") }
      return SampleScores(logProbabilities: predictions.logProbabilities(row), label: label)
    }
    statistics = PredictionStatistics(of: predictions)
  }

  /// Whether each sample was predicted right.
  public var outcomes: OutcomeBits { OutcomeBits(scores.map(\.isCorrect)) }

  /// Confidence against accuracy in 15 bins.
  public var reliability: Reliability {
    Reliability(confidences: scores.map(\.confidence), correct: scores.map(\.isCorrect))
  }

  /// Spearman's correlation of the entropy and the loss over samples; nil where one of them does not
  /// vary.
  public var entropyLossSpearman: Double? {
    RankCorrelation.spearman(scores.map(\.entropy), scores.map(\.negativeLogLikelihood))
  }

  /// What the record of a cell keeps.
  ///
  /// - Parameter seen: whether the task's expert is part of the merge.
  public func measurement(of task: String, seen: Bool) -> TaskMeasurement {
    TaskMeasurement(
      task: task, seen: seen, outcomes: outcomes, samplesHash: samplesHash,
      meanEntropy: statistics.meanEntropy,
      negativeLogLikelihood: scores.mean(\.negativeLogLikelihood),
      brierScore: scores.mean(\.brierScore),
      largestPredictedClassShare: statistics.largestPredictedClassShare,
      meanPredictionEntropy: statistics.entropyOfMeanPrediction,
      entropyLossSpearman: entropyLossSpearman, reliability: reliability)
  }

  /// What a file of predictions keeps.
  public func predictions(of task: String) -> TaskPredictions {
    TaskPredictions(
      task: task,
      samples: zip(samples, scores).map { TaskPredictions.Sample(id: $0.text, scores: $1) })
  }

  /// Tells lists of samples apart.
  private var samplesHash: String {
    // Each id is preceded by its length, so that no two lists give the same text.
    ContentHash(of: samples.map { "\($0.text.utf8.count):\($0.text)" }.joined()).description
  }
}
