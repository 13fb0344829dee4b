public import Results
public import Statistics
public import Streams
internal import TensorCore

/// Predictions with their labels joined, by sample id, and what follows from both.
public struct ScoredPredictions: Sendable {
  public let samples: SampleIDs
  /// One of each sample.
  public let scores: SampleScoreTable
  private let statistics: PredictionStatistics

  init(samples: SampleIDs, scores: SampleScoreTable, statistics: PredictionStatistics) {
    precondition(samples.count == scores.count, "scores of each sample")
    self.samples = samples
    self.scores = scores
    self.statistics = statistics
  }

  /// - Parameters:
  ///   - predictions: finite.
  ///   - labels: as places among the predictions' classes; has every sample.
  public init(_ predictions: Predictions, labels: Labels) {
    var scorer = PredictionScorer(classCount: predictions.classCount)
    scorer.append(predictions, labels: labels)
    self = scorer.scored(predictions.samples)
  }

  /// Whether each sample was predicted right.
  public var outcomes: OutcomeBits { OutcomeBits(scores.lazy.map(\.isCorrect)) }

  /// Confidence against accuracy in 15 bins.
  public var reliability: Reliability {
    Reliability(
      confidences: scores.lazy.map(\.confidence), correct: scores.lazy.map(\.isCorrect))
  }

  /// Spearman's correlation of the entropy and the loss over samples; nil where one of them does not
  /// vary.
  public var entropyLossSpearman: Double? {
    RankCorrelation.spearman(
      scores.lazy.map(\.entropy), scores.lazy.map(\.negativeLogLikelihood))
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
    TaskPredictions(task: task, count: samples.count) { range in
      zip(samples.elements(range), scores.elements(range)).map {
        TaskPredictions.Sample(id: $0.text, scores: $1)
      }
    }
  }

  /// Tells lists of samples apart.
  private var samplesHash: String {
    let hasher = ContentHasher()
    // Each id is preceded by its length, so that no two lists give the same text.
    for sample in samples { hasher.update("\(sample.text.utf8.count):\(sample.text)") }
    return hasher.hash.description
  }
}
