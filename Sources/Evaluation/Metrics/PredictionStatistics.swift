internal import Foundation

/// What predictions look like without knowing the labels: whether they are confident, and whether
/// they have collapsed to one class.
public struct PredictionStatistics: Sendable, Hashable {
  /// The mean over samples of `H(p) = -sum_c p_c ln p_c`, `p` the softmax of the logits; nats.
  public let meanEntropy: Double
  /// The share of samples that fall to the class predicted most often; 1 is collapse.
  public let largestPredictedClassShare: Double
  /// `H(mean p)`, nats; 0 is collapse, ln(classes) an even spread. Never below `meanEntropy` but
  /// for rounding.
  public let entropyOfMeanPrediction: Double

  public init(of predictions: Predictions) {
    let count = Double(predictions.count)
    var entropySum = 0.0
    var sums = [Double](repeating: 0, count: predictions.classCount)
    for row in 0..<predictions.count {
      for (index, logProbability) in predictions.logProbabilities(row).enumerated() {
        let probability = exp(logProbability)
        // 0 ln 0 is 0, also where a logit is so far below that its logarithm is -inf.
        if probability > 0 { entropySum -= probability * logProbability }
        sums[index] += probability
      }
    }
    meanEntropy = entropySum / count
    entropyOfMeanPrediction = -sums.reduce(0) { sum, probabilitySum in
      let mean = probabilitySum / count
      return mean > 0 ? sum + mean * log(mean) : sum
    }
    var votes = [Int](repeating: 0, count: predictions.classCount)
    for predicted in predictions.classes { votes[predicted] += 1 }
    largestPredictedClassShare = Double(votes.max()!) / count
  }
}
