import Foundation
import Statistics
import Testing

@Suite("Scores and calibration")
struct ScoreTests {
  private let golden: StatisticsGoldens.Scores
  private let scores: [SampleScores]

  init() throws {
    golden = try StatisticsGoldens.load().scores
    scores = zip(golden.logits, golden.labels).map { logits, label in
      let largest = logits.max()!
      let logSum = log(logits.reduce(0) { $0 + exp($1 - largest) })
      return SampleScores(logProbabilities: logits.map { $0 - largest - logSum }, label: label)
    }
  }

  private var reliability: Reliability {
    Reliability(confidences: scores.map(\.confidence), correct: scores.map(\.isCorrect))
  }

  @Test("Accuracy, NLL and Brier score are scikit-learn's, the entropy SciPy's")
  func scoring() {
    #expect(OutcomeBits(scores.map(\.isCorrect)).accuracy == golden.accuracy)
    #expect(abs(scores.mean(\.negativeLogLikelihood) - golden.nll) < 1e-12)
    #expect(abs(scores.mean(\.brierScore) - golden.brier) < 1e-12)
    #expect(abs(scores.mean(\.entropy) - golden.entropy) < 1e-12)
    let rho = RankCorrelation.spearman(
      scores.map(\.entropy), scores.map(\.negativeLogLikelihood))
    #expect(abs(rho! - golden.spearmanEntropyLoss) < 1e-12)
  }

  @Test("The calibration error is torchmetrics', its bins SciPy's")
  func calibration() {
    #expect(abs(reliability.expectedCalibrationError - golden.ece) < 1e-7)
    #expect(reliability.bins.map { Double($0.samples) } == golden.bins.samples)
    #expect(reliability.bins.map { Double($0.correct) } == golden.bins.correct)
    for (bin, confidence) in zip(reliability.bins, golden.bins.confidence) {
      #expect(abs(bin.confidenceSum - confidence) < 1e-10)
    }
    #expect(reliability.samples == 200)
  }

  @Test("A bin holds its upper end, as Guo et al. have it; 0 and 1 have a bin")
  func edges() {
    let reliability = Reliability(
      confidences: [0, 0.2, 0.25, 0.5, 0.51, 1], correct: [false, true, true, true, false, true],
      binCount: 4)
    #expect(reliability.bins.map(\.samples) == [3, 1, 1, 1])
    #expect(reliability.bins.map(\.correct) == [2, 1, 0, 1])
    #expect(reliability.bounds(1) == (0.25, 0.5))
    let empty = Reliability(confidences: [], correct: [])
    #expect(empty.expectedCalibrationError == 0 && empty.bins.count == 15)
    #expect(empty.bins[0].accuracy == nil && empty.bins[0].meanConfidence == nil)
  }

  @Test(
    "Bins whose counts can't be those of samples are refused",
    arguments: [[(1, 2)], [(-1, -1)], [(1, -1)], [(.max, 1), (1, 0)]])
  func damaged(bins: [(samples: Int, correct: Int)]) {
    let texts = bins.map {
      #"{"samples": \#($0.samples), "correct": \#($0.correct), "confidenceSum": 0.5}"#
    }
    let json = Data(#"{"bins": [\#(texts.joined(separator: ","))]}"#.utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Reliability.self, from: json) }
  }

  @Test("A sure and wrong prediction has the worst Brier score and a finite loss")
  func sureAndWrong() {
    let scores = SampleScores(logProbabilities: [0, -800], label: 1)
    #expect(scores.brierScore == 2 && scores.negativeLogLikelihood == 800)
    #expect(scores.entropy == 0 && scores.confidence == 1 && !scores.isCorrect)
    // The first of equal classes is the predicted one.
    #expect(SampleScores(logProbabilities: [log(0.5), log(0.5)], label: 0).isCorrect)
  }
}
