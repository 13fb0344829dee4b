internal import Kernels
public import TensorCore

/// What an adaptation minimises on one batch of one task: a function of its logits alone.
public protocol AdaptationObjective: Sendable {
  /// - Parameter logits: `[N, C]`.
  /// - Returns: the loss; the softmax entropies of the rows; the gradient `[N, C]` of the loss.
  func evaluate(_ logits: Tensor) -> (loss: Double, entropies: [Float], gradient: Tensor)
}

/// The mean softmax entropy over the batch, AdaMerging's surrogate of the cross-entropy.
public struct EntropyObjective: AdaptationObjective {
  public let logarithm: AdaMergingSettings.Logarithm

  public init(logarithm: AdaMergingSettings.Logarithm = .exact) {
    self.logarithm = logarithm
  }

  public func evaluate(
    _ logits: Tensor
  ) -> (loss: Double, entropies: [Float], gradient: Tensor) {
    let share = 1 / Float(logits.rowCount)
    let (entropies, gradient) = SoftmaxEntropy.gradient(
      of: logits, weights: Array(repeating: share, count: logits.rowCount),
      formula: logarithm == .exact ? .logSoftmax : .offsetLogarithm)
    let loss = entropies.reduce(0.0) { $0 + Double($1) } / Double(entropies.count)
    return (loss, entropies, gradient)
  }
}
