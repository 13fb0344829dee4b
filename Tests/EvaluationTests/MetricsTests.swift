import Evaluation
import Results
import Statistics
import Streams
import TensorCore
import Testing

@Suite("Metrics")
struct MetricsTests {
  private let predictions = Predictions(
    samples: (0..<5).map { SampleID("\($0)") },
    logits: Tensor(
      shape: [5, 3],
      values: [2, 1, -1, 0.5, 0.5, 0.25, -3, 4, 90, 1, 3, 2.5, 200, -200, 0]))

  @Test("The predicted class has the largest logit, the first of equal ones")
  func classes() {
    #expect(predictions.classes == [0, 0, 2, 1, 0])
  }

  private let labels = Labels(
    classNames: ["x", "y", "z"],
    classIndices: Dictionary(
      uniqueKeysWithValues: [(4, 0), (3, 2), (2, 2), (1, 1), (0, 0)].map {
        (SampleID("\($0.0)"), $0.1)
      }))

  @Test("Accuracy joins the labels by sample id, whatever their order")
  func accuracy() {
    #expect(Accuracy.correct(predictions, labels: labels) == 3)
    #expect(Accuracy.share(predictions, labels: labels) == 0.6)
  }

  @Test("Entropies equal SciPy's, logits of 90 and 200 included")
  func entropies() {
    // scipy.special: p = softmax(l, axis=1); entr(p).sum(1).mean(); entr(p.mean(0)).sum()
    let statistics = PredictionStatistics(of: predictions)
    #expect(abs(statistics.meanEntropy - 0.5380806555693018) < 1e-12)
    #expect(abs(statistics.entropyOfMeanPrediction - 1.0712135377701486) < 1e-12)
    #expect(statistics.largestPredictedClassShare == 0.6)
  }

  @Test("A collapsed model shows itself: all in one class, no entropy in the mean")
  func collapse() {
    let logits = Tensor(
      shape: [4, 2], values: [50, -50, 60, -60, 70, -70, 80, -80].map { Float($0) })
    let statistics = PredictionStatistics(
      of: Predictions(samples: (0..<4).map { SampleID("\($0)") }, logits: logits))
    #expect(statistics.largestPredictedClassShare == 1)
    #expect(statistics.entropyOfMeanPrediction < 1e-12)
  }

  @Test("Scores with labels equal scikit-learn's and SciPy's")
  func scores() {
    let scored = ScoredPredictions(predictions, labels: labels)
    #expect(scored.scores.map(\.predicted) == predictions.classes)
    // p as above, y = [0, 1, 2, 2, 0]; sklearn.metrics: log_loss(y, p, labels=[0, 1, 2]) with
    // eps = 0; brier_score_loss(y, p, scale_by_half=False); spearmanr(entr(p).sum(1), losses)
    let measurement = scored.measurement(of: "letters", seen: true)
    #expect(abs(measurement.negativeLogLikelihood - 0.4851977196097458) < 1e-12)
    #expect(abs(measurement.brierScore - 0.3067300644097699) < 1e-12)
    #expect(abs(measurement.entropyLossSpearman! - 0.8720815992723809) < 1e-12)
    #expect(measurement.meanEntropy == PredictionStatistics(of: predictions).meanEntropy)
    #expect(measurement.accuracy == 0.6 && measurement.error == 0.4 && measurement.samples == 5)
    #expect((0..<5).map { measurement.outcomes[$0] } == [true, false, true, false, true])
    #expect(measurement.accuracyInterval == Interval(low: 0.2, high: 1))
    let samples = scored.predictions(of: "letters").samples(0..<5)
    #expect(samples.map(\.id) == ["0", "1", "2", "3", "4"])
    #expect(samples.map(\.scores) == Array(scored.scores))
  }

  @Test("Predictions made in another order are put in the data set's, and compare image by image")
  func order() throws {
    let list = SampleIDs((0..<6).map { SampleID("\($0)") })
    let places = [3, 0, 4, 1, 2]
    var scorer = PredictionScorer(classCount: 3)
    for place in places {
      scorer.append(
        Predictions(
          samples: [list[place]], logits: predictions.logits.rows(place..<place + 1)),
        labels: labels)
    }
    let ordered = scorer.scored(at: places.map { UInt32($0) }, of: list)
    let inOrder = ScoredPredictions(predictions, labels: labels)
    #expect(ordered.samples == predictions.samples && ordered.scores == inOrder.scores)
    let (one, other) = (
      inOrder.measurement(of: "letters", seen: true),
      ordered.measurement(of: "letters", seen: true)
    )
    #expect(one.outcomes == other.outcomes && one.samplesHash == other.samplesHash)
    // Sums of doubles depend on the order of the stream, in the last digits.
    #expect(abs(one.meanEntropy - other.meanEntropy) < 1e-12)
    let pairs = try #require(one.paired(with: other))
    #expect(pairs == PairedOutcomes(samples: 5, onlyMethod: 0, onlyBaseline: 0))
    // As many images, but others.
    let rest = Predictions(
      samples: (1..<6).map { SampleID("\($0)") }, logits: predictions.logits)
    let more = Labels(
      classNames: ["x", "y", "z"],
      classIndices: Dictionary(uniqueKeysWithValues: list.map { ($0, 0) }))
    let foreign = ScoredPredictions(rest, labels: more).measurement(of: "letters", seen: true)
    #expect(one.paired(with: foreign) == nil)
  }
}
