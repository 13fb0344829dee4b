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

/// Rows as they lie in memory; numbers come back exactly.
extension SampleScoreTable {
  static var rowBytes: Int { PagedArray<Row>.elementBytes }

  /// Calls `body` with the bytes of some rows after others.
  func forEachPiece<Failure>(
    _ body: (_ bytes: [UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try rows.forEachPiece(body)
  }

  /// Appends whole rows, which may hold anything.
  mutating func append(bytes: [UInt8]) { rows.append(bytes: bytes) }
}
