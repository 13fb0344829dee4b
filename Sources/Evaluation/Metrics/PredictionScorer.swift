internal import Statistics
internal import Streams

/// Scores predictions batch by batch, so that the outputs for a data set, 4 bytes for each image and class,
/// are never in memory together.
struct PredictionScorer {
  private let labels: Labels
  private var samples = SampleIDs()
  private var scores: SampleScoreTable
  private var statistics: PredictionStatistics.Sums
  /// How many images there were.
  private(set) var count = 0
  /// How many images have an output that is NaN or infinite: they are not scored.
  private(set) var nonFiniteCount = 0
  /// The place of the first of them among all images.
  private(set) var firstNonFinite: Int?

  /// - Parameters:
  ///   - labels: as places among the predictions' classes; has every sample.
  ///   - expected: how many samples will come.
  init(labels: Labels, expecting expected: Int) {
    self.labels = labels
    scores = SampleScoreTable(reserving: expected)
    statistics = PredictionStatistics.Sums(classCount: labels.classNames.count)
  }

  mutating func append(_ predictions: Predictions) {
    precondition(labels.classNames.count == predictions.classCount, "labels of the same classes")
    for (row, sample) in predictions.samples.enumerated() {
      defer { count += 1 }
      guard predictions.isFinite(row) else {
        nonFiniteCount += 1
        firstNonFinite = firstNonFinite ?? count
        continue
      }
      guard let label = labels[sample] else { preconditionFailure("no label for \(sample)") }
      let logProbabilities = predictions.logProbabilities(row)
      statistics.add(logProbabilities, predicted: predictions.predicted(row))
      scores.append(SampleScores(logProbabilities: logProbabilities, label: label))
      samples.append(sample)
    }
  }

  /// What the predictions are worth, in the order in which they came.
  ///
  /// - Precondition: all outputs are finite, and there are some.
  func scored() -> ScoredPredictions {
    precondition(nonFiniteCount == 0, "finite outputs")
    return ScoredPredictions(
      samples: samples, scores: scores, statistics: PredictionStatistics(statistics))
  }
}
