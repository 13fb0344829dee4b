internal import Foundation
internal import Kernels
public import TensorCore

/// What an adaptation minimises on one batch of one task: a function of its logits alone.
public protocol AdaptationObjective: Sendable {
  /// - Parameter logits: `[N, C]`.
  /// - Returns: the loss; the softmax entropies of the rows; the gradient `[N, C]` of the loss.
  func evaluate(_ logits: Tensor) -> (loss: Double, entropies: [Float], gradient: Tensor)
}

/// The mean softmax entropy over the batch, AdaMerging's surrogate of the cross-entropy; if wanted,
/// over its reliable images alone, and less the entropy of the mean prediction.
public struct EntropyObjective: AdaptationObjective {
  public let logarithm: AdaMergingSettings.Logarithm
  /// Images count whose entropy is below this share of `ln C`; nil: all.
  public let threshold: Double?
  /// The weight of `- H(mean p)`.
  public let diversity: Double

  public init(
    logarithm: AdaMergingSettings.Logarithm = .exact, threshold: Double? = nil,
    diversity: Double = 0
  ) {
    self.logarithm = logarithm
    self.threshold = threshold
    self.diversity = diversity
  }

  /// The objective of an adaptation.
  public init(_ settings: AdaMergingSettings) {
    self.init(
      logarithm: settings.logarithm, threshold: settings.entropyThreshold,
      diversity: settings.diversity)
  }

  public func evaluate(
    _ logits: Tensor
  ) -> (loss: Double, entropies: [Float], gradient: Tensor) {
    let formula: SoftmaxEntropy.Formula = logarithm == .exact ? .logSoftmax : .offsetLogarithm
    let reliable = threshold.map { share in
      let limit = share * log(Double(logits.rowLength))
      return SoftmaxEntropy.entropies(of: logits, formula: formula).map { Double($0) < limit }
    }
    let count = reliable?.count { $0 } ?? logits.rowCount
    let share = 1 / Float(max(1, count))
    let weights =
      reliable?.map { $0 ? share : 0 } ?? Array(repeating: share, count: logits.rowCount)
    var (entropies, gradient) = SoftmaxEntropy.gradient(
      of: logits, weights: weights, formula: formula)
    var sum = 0.0
    // A NaN stays one, whatever the threshold makes of it.
    for (row, entropy) in entropies.enumerated() where reliable?[row] != false || entropy.isNaN {
      sum += Double(entropy)
    }
    var loss = sum / Double(max(1, count))
    if diversity > 0 { loss -= diversity * addDiversity(of: logits, to: &gradient) }
    return (loss, entropies, gradient)
  }

  /// Adds the gradient of `- diversity H(mean p)`.
  ///
  /// - Returns: the entropy `H(mean p)` in nats.
  private func addDiversity(of logits: Tensor, to gradient: inout Tensor) -> Double {
    let (rows, classes) = (logits.rowCount, logits.rowLength)
    let probabilities = SoftmaxEntropy.probabilities(of: logits).values.map { Double($0) }
    var means = [Double](repeating: 0, count: classes)
    for index in probabilities.indices { means[index % classes] += probabilities[index] }
    // A class that no image has the least of has no part in any sum.
    let logarithms = means.map { $0 > 0 ? log($0 / Double(rows)) : 0 }
    let entropy = -zip(means, logarithms).reduce(0) { $0 + $1.0 / Double(rows) * $1.1 }
    for row in 0..<rows {
      let range = row * classes..<(row + 1) * classes
      let mean = zip(probabilities[range], logarithms).reduce(0) { $0 + $1.0 * $1.1 }
      for index in range {
        gradient.values[index] += Float(
          diversity / Double(rows) * probabilities[index]
            * (logarithms[index - range.lowerBound] - mean))
      }
    }
    return entropy
  }
}
