public import Statistics
internal import TensorCore

/// The scores of samples in their order: 40 bytes a sample, those of many in a file.
public struct SampleScoreTable: RandomAccessCollection, Sendable, Hashable {
  private struct Row: BitwiseCopyable, Hashable {
    let label: UInt32
    let predicted: UInt32
    let confidence: Double
    /// In nats.
    let entropy: Double
    /// In nats.
    let negativeLogLikelihood: Double
    let brierScore: Double

    init(_ scores: SampleScores) {
      label = UInt32(scores.label)
      predicted = UInt32(scores.predicted)
      confidence = scores.confidence
      entropy = scores.entropy
      negativeLogLikelihood = scores.negativeLogLikelihood
      brierScore = scores.brierScore
    }

    var scores: SampleScores {
      SampleScores(
        label: Int(label), predicted: Int(predicted), confidence: confidence, entropy: entropy,
        negativeLogLikelihood: negativeLogLikelihood, brierScore: brierScore)
    }
  }

  private var rows = PagedArray<Row>()

  init() {}

  mutating func append(_ scores: SampleScores) { rows.append(Row(scores)) }

  /// Those at `places`, in that order.
  func at(_ places: some Sequence<Int>) -> SampleScoreTable {
    var table = SampleScoreTable()
    for place in places { table.rows.append(rows[place]) }
    return table
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { rows.count }
  public subscript(index: Int) -> SampleScores { rows[index].scores }

  /// Those at `range`, faster than one by one.
  public func elements(_ range: Range<Int>) -> [SampleScores] {
    rows.elements(range).map(\.scores)
  }

  public func makeIterator() -> some IteratorProtocol<SampleScores> {
    rows.lazy.map(\.scores).makeIterator()
  }
}

/// By columns; numbers come back exactly.
extension SampleScoreTable: Codable {
  private enum CodingKeys: String, CodingKey {
    case labels, predicted, confidences, entropies, losses, brierScores
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let labels = try container.decode([UInt32].self, forKey: .labels)
    let predicted = try container.decode([UInt32].self, forKey: .predicted)
    let confidences = try container.decode([Double].self, forKey: .confidences)
    let entropies = try container.decode([Double].self, forKey: .entropies)
    let losses = try container.decode([Double].self, forKey: .losses)
    let brierScores = try container.decode([Double].self, forKey: .brierScores)
    let counts = [predicted.count] + [confidences, entropies, losses, brierScores].map(\.count)
    guard counts.allSatisfy({ $0 == labels.count }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .labels, in: container, debugDescription: "columns of unequal length")
    }
    for index in labels.indices {
      append(
        SampleScores(
          label: Int(labels[index]), predicted: Int(predicted[index]),
          confidence: confidences[index], entropy: entropies[index],
          negativeLogLikelihood: losses[index], brierScore: brierScores[index]))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rows.map(\.label), forKey: .labels)
    try container.encode(rows.map(\.predicted), forKey: .predicted)
    try container.encode(rows.map(\.confidence), forKey: .confidences)
    try container.encode(rows.map(\.entropy), forKey: .entropies)
    try container.encode(rows.map(\.negativeLogLikelihood), forKey: .losses)
    try container.encode(rows.map(\.brierScore), forKey: .brierScores)
  }
}
