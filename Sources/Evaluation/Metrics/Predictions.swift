internal import Foundation
public import Streams
public import TensorCore

/// A head's outputs on samples. Holds no labels: metrics that need them join them by sample id.
public struct Predictions: Sendable {
  public let samples: SampleIDs
  /// `[samples, classes]`.
  public let logits: Tensor

  public init(samples: some Sequence<SampleID>, logits: Tensor) {
    let samples = samples as? SampleIDs ?? SampleIDs(samples)
    precondition(logits.shape.rank == 2 && logits.shape[0] == samples.count, "a row per sample")
    precondition(!samples.isEmpty && logits.shape[1] > 0, "a sample and a class at least")
    self.samples = samples
    self.logits = logits
  }

  public var count: Int { samples.count }
  public var classCount: Int { logits.shape[1] }

  /// The class with the largest logit, per sample; the first of equal ones.
  public var classes: [Int] { (0..<count).map(predicted) }

  /// The class with the largest logit of one sample; the first of equal ones.
  func predicted(_ row: Int) -> Int {
    let logits = logits(row)
    var best = logits.startIndex
    for index in logits.indices where logits[index] > logits[best] { best = index }
    return best - logits.startIndex
  }

  /// Whether all logits of one sample are.
  func isFinite(_ row: Int) -> Bool { logits(row).allSatisfy(\.isFinite) }

  private func logits(_ row: Int) -> ArraySlice<Float> {
    logits.values[row * classCount..<(row + 1) * classCount]
  }

  /// The log-softmax of one sample's logits, in doubles.
  public func logProbabilities(_ row: Int) -> [Double] {
    let logits = logits(row).map { Double($0) }
    let largest = logits.max()!
    let logSum = log(logits.reduce(0) { $0 + exp($1 - largest) })
    return logits.map { $0 - largest - logSum }
  }
}
