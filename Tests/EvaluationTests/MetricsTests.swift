import Evaluation
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

  @Test("Accuracy joins the labels by sample id, whatever their order")
  func accuracy() {
    let labels = Labels(
      classNames: ["x", "y", "z"],
      classIndices: Dictionary(
        uniqueKeysWithValues: [(4, 0), (3, 2), (2, 2), (1, 1), (0, 0)].map {
          (SampleID("\($0.0)"), $0.1)
        }))
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
}
