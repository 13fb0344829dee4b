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

  /// Those at `places`, in that order.
  func at(_ places: [Int]) -> SampleScoreTable {
    var table = SampleScoreTable(reserving: places.count)
    for place in places { table.append(self[place]) }
    return table
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

/// By columns; numbers come back exactly.
extension SampleScoreTable: Codable {
  private enum CodingKeys: String, CodingKey {
    case labels, predicted, confidences, entropies, losses, brierScores
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    labels = try container.decode([UInt32].self, forKey: .labels)
    predicted = try container.decode([UInt32].self, forKey: .predicted)
    confidences = try container.decode([Double].self, forKey: .confidences)
    entropies = try container.decode([Double].self, forKey: .entropies)
    losses = try container.decode([Double].self, forKey: .losses)
    brierScores = try container.decode([Double].self, forKey: .brierScores)
    let counts = [predicted.count] + [confidences, entropies, losses, brierScores].map(\.count)
    guard counts.allSatisfy({ $0 == labels.count }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .labels, in: container, debugDescription: "columns of unequal length")
    }
  }
}
