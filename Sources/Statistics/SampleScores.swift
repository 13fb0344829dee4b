internal import Foundation

/// What one sample's predicted distribution is worth, given its true class: proper scores and
/// confidence. Means over samples are a data set's.
public struct SampleScores: Hashable, Sendable {
  /// The true class.
  public let label: Int
  /// The likeliest class; the first of equal ones.
  public let predicted: Int
  /// The likeliest class's probability, 1/classes to 1.
  public let confidence: Double
  /// `-sum_c p_c ln p_c`, nats, 0 to ln(classes).
  public let entropy: Double
  /// `-ln p_label`, nats, 0 or more: the cross-entropy loss.
  public let negativeLogLikelihood: Double
  /// `sum_c (p_c - [c = label])^2`, 0 to 2: Brier's original, multi-class score (Monthly Weather
  /// Review 78, 1950), twice the one that is common for two classes.
  public let brierScore: Double

  /// - Parameters:
  ///   - logProbabilities: of each class, nats; a log-softmax.
  ///   - label: the true class.
  public init(logProbabilities: [Double], label: Int) {
    precondition(logProbabilities.indices.contains(label), "a label among the classes")
    var (best, entropy, brierScore) = (0, 0.0, 0.0)
    for (index, logProbability) in logProbabilities.enumerated() {
      if logProbability > logProbabilities[best] { best = index }
      let probability = exp(logProbability)
      // 0 ln 0 is 0, also where the logarithm is -inf.
      if probability > 0 { entropy -= probability * logProbability }
      let distance = index == label ? 1 - probability : probability
      brierScore += distance * distance
    }
    self.label = label
    predicted = best
    confidence = exp(logProbabilities[best])
    self.entropy = entropy
    negativeLogLikelihood = 0 - logProbabilities[label]
    self.brierScore = brierScore
  }

  /// Scores that were computed before.
  public init(
    label: Int, predicted: Int, confidence: Double, entropy: Double,
    negativeLogLikelihood: Double, brierScore: Double
  ) {
    self.label = label
    self.predicted = predicted
    self.confidence = confidence
    self.entropy = entropy
    self.negativeLogLikelihood = negativeLogLikelihood
    self.brierScore = brierScore
  }

  public var isCorrect: Bool { predicted == label }
}

extension Collection<SampleScores> {
  /// The mean of one of the scores; NaN of no samples.
  public func mean(_ score: KeyPath<SampleScores, Double>) -> Double {
    reduce(0) { $0 + $1[keyPath: score] } / Double(count)
  }
}
