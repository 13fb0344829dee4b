internal import Statistics
package import Streams
internal import TensorCore

/// Scores predictions batch by batch, so that the outputs for a data set, 4 bytes for each image and class,
/// are never in memory together.
package struct PredictionScorer: Sendable {
  private(set) var scores: SampleScoreTable
  private(set) var statistics: PredictionStatistics.Sums
  /// How many images have an output that is NaN or infinite: they are not scored.
  private(set) var nonFiniteCount: Int
  /// The place of the first of them among all images.
  private(set) var firstNonFinite: Int?

  package init(classCount: Int) {
    self.init(
      scores: SampleScoreTable(), statistics: PredictionStatistics.Sums(classCount: classCount),
      nonFiniteCount: 0)
  }

  /// One that goes on from what was scored.
  init(
    scores: SampleScoreTable, statistics: PredictionStatistics.Sums, nonFiniteCount: Int,
    firstNonFinite: Int? = nil
  ) {
    self.scores = scores
    self.statistics = statistics
    self.nonFiniteCount = nonFiniteCount
    self.firstNonFinite = firstNonFinite
  }

  /// How many images there were.
  var count: Int { scores.count + nonFiniteCount }

  /// - Parameter labels: as places among the predictions' classes; has every sample.
  package mutating func append(_ predictions: Predictions, labels: Labels) {
    precondition(
      labels.classNames.count == predictions.classCount
        && statistics.classCount == predictions.classCount, "labels of the same classes")
    for (row, sample) in predictions.samples.enumerated() {
      guard predictions.isFinite(row) else {
        firstNonFinite = firstNonFinite ?? count
        nonFiniteCount += 1
        continue
      }
      guard let label = labels[sample] else { preconditionFailure("no label for \(sample)") }
      let logProbabilities = predictions.logProbabilities(row)
      statistics.add(logProbabilities, predicted: predictions.predicted(row))
      scores.append(SampleScores(logProbabilities: logProbabilities, label: label))
    }
  }

  /// Refuses predictions with an output that is NaN or infinite.
  ///
  /// - Parameters:
  ///   - task: whose images they are of.
  ///   - method: what messages call the model.
  ///   - layer: behind which the first such values lie, if it is known, of the image at a place.
  /// - Throws: `nonFiniteOutputs`.
  func checkFinite(
    _ task: String, by method: String, layer: (_ place: Int) -> String? = { _ in nil }
  ) throws(EvaluationError) {
    guard let firstNonFinite else { return }
    throw .nonFiniteOutputs(
      method: method, task: task, images: nonFiniteCount, of: count, layer: layer(firstNonFinite))
  }

  /// What the predictions are worth.
  ///
  /// - Parameters:
  ///   - samples: in the order in which their predictions came.
  /// - Precondition: all outputs are finite, and there are some.
  func scored(_ samples: SampleIDs) -> ScoredPredictions {
    precondition(nonFiniteCount == 0, "finite outputs")
    return ScoredPredictions(
      samples: samples, scores: scores, statistics: PredictionStatistics(statistics))
  }

  private struct Position: BitwiseCopyable {
    /// In the data set.
    let place: UInt32
    /// Of the prediction.
    let number: UInt32
  }

  /// The same of predictions that came in another order than that of their data set, put in its order:
  /// cells that saw the same images in other orders compare image by image.
  ///
  /// - Parameters:
  ///   - places: in `ids`, of each prediction.
  ///   - ids: of the data set.
  package func scored(
    at places: some Collection<UInt32>, of ids: SampleIDs
  ) -> ScoredPredictions {
    precondition(nonFiniteCount == 0 && places.count == scores.count, "a place of each prediction")
    let order = PagedArray(places.enumerated().lazy.map { Position(place: $1, number: UInt32($0)) })
      .sorted { $0.place < $1.place }
    return ScoredPredictions(
      samples: SampleIDs(order.lazy.map { ids[Int($0.place)] }),
      scores: scores.at(order.lazy.map { Int($0.number) }),
      statistics: PredictionStatistics(statistics))
  }
}
