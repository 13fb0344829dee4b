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
    var sums = Sums(classCount: predictions.classCount)
    for row in 0..<predictions.count {
      sums.add(predictions.logProbabilities(row), predicted: predictions.predicted(row))
    }
    self.init(sums)
  }

  init(_ sums: Sums) {
    let count = Double(sums.count)
    meanEntropy = sums.entropy / count
    entropyOfMeanPrediction = -sums.probabilities.reduce(0) { sum, probabilitySum in
      let mean = probabilitySum / count
      return mean > 0 ? sum + mean * log(mean) : sum
    }
    largestPredictedClassShare = Double(sums.votes.max()!) / count
  }

  /// What the statistics are made of, sample by sample.
  struct Sums: Sendable, Codable {
    fileprivate(set) var count = 0
    fileprivate var entropy = 0.0
    /// Of each class.
    fileprivate var probabilities: [Double]
    /// How often each class was predicted.
    fileprivate var votes: [Int]

    init(classCount: Int) {
      probabilities = Array(repeating: 0, count: classCount)
      votes = Array(repeating: 0, count: classCount)
    }

    var classCount: Int { probabilities.count }

    /// Whether these are sums over `samples` images; what was read may be anything.
    func isOf(samples: Int) -> Bool {
      count == samples && !votes.isEmpty && votes.count == probabilities.count
        && votes.allSatisfy { (0...samples).contains($0) }
    }

    /// - Parameter logProbabilities: of each class, nats; a log-softmax.
    mutating func add(_ logProbabilities: [Double], predicted: Int) {
      count += 1
      for (index, logProbability) in logProbabilities.enumerated() {
        let probability = exp(logProbability)
        // 0 ln 0 is 0, also where a logit is so far below that its logarithm is -inf.
        if probability > 0 { entropy -= probability * logProbability }
        probabilities[index] += probability
      }
      votes[predicted] += 1
    }
  }
}
