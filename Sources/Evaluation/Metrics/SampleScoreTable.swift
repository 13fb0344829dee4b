public import Statistics

/// The scores of samples in their order, by columns: 40 bytes a sample.
public struct SampleScoreTable: RandomAccessCollection, Sendable, Hashable {
  private var labels: [UInt32] = []
  private var predicted: [UInt32] = []
  private var confidences: [Double] = []
  /// In nats.
  private(set) var entropies: [Double] = []
  /// The negative log-likelihoods, in nats.
  private(set) var losses: [Double] = []
  private var brierScores: [Double] = []

  /// - Parameter count: how many samples there will be.
  init(reserving count: Int) {
    labels.reserveCapacity(count)
    predicted.reserveCapacity(count)
    confidences.reserveCapacity(count)
    entropies.reserveCapacity(count)
    losses.reserveCapacity(count)
    brierScores.reserveCapacity(count)
  }

  mutating func append(_ scores: SampleScores) {
    labels.append(UInt32(scores.label))
    predicted.append(UInt32(scores.predicted))
    confidences.append(scores.confidence)
    entropies.append(scores.entropy)
    losses.append(scores.negativeLogLikelihood)
    brierScores.append(scores.brierScore)
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { labels.count }
  public subscript(index: Int) -> SampleScores {
    SampleScores(
      label: Int(labels[index]), predicted: Int(predicted[index]),
      confidence: confidences[index], entropy: entropies[index],
      negativeLogLikelihood: losses[index], brierScore: brierScores[index])
  }
}
