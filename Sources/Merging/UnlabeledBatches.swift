public import TensorCore

/// An endless sequence of batches of preprocessed images of one task. Labels have no place in it:
/// what adapts can't see them.
public protocol UnlabeledBatches: Sendable {
  /// The next batch, `[N, 3, S, S]` with at least one image; where ranks share the batches, this rank's
  /// part, which may be empty.
  mutating func next() -> Tensor
  /// Passes over the next `count` batches, to go on where an earlier run stopped.
  mutating func skip(_ count: Int)
}

extension UnlabeledBatches {
  public mutating func skip(_ count: Int) {
    for _ in 0..<count { _ = next() }
  }
}
