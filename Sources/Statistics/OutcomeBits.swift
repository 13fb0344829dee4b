internal import Foundation

/// For each of a list of samples, in their order, whether it was predicted right: one bit each.
///
/// Encoded as `{"count": n, "bits": "<base64>"}`: bit `i` is bit `i % 8`, the lowest first, of byte
/// `i / 8`; the bits after the last one are 0.
public struct OutcomeBits: Hashable, Sendable {
  /// The number of samples.
  public let count: Int
  /// Bit `i % 64` of word `i / 64`.
  private let words: [UInt64]

  public init(_ outcomes: some Collection<Bool>) {
    count = outcomes.count
    var words = [UInt64](repeating: 0, count: (outcomes.count + 63) / 64)
    for (index, outcome) in outcomes.enumerated() where outcome {
      words[index / 64] |= 1 << UInt64(index % 64)
    }
    self.words = words
  }

  public subscript(index: Int) -> Bool {
    precondition((0..<count).contains(index), "a sample of the list")
    return words[index / 64] >> UInt64(index % 64) & 1 == 1
  }

  /// The number of samples that were predicted right.
  public var correct: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The share of samples that were predicted right, 0 to 1; 0 of no samples.
  public var accuracy: Double { count == 0 ? 0 : Double(correct) / Double(count) }

  /// The number of samples that were predicted right in both.
  func correctInBoth(_ other: OutcomeBits) -> Int {
    precondition(count == other.count, "outcomes of the same samples")
    return zip(words, other.words).reduce(0) { $0 + ($1.0 & $1.1).nonzeroBitCount }
  }
}

extension OutcomeBits: Codable {
  private enum CodingKeys: String, CodingKey {
    case count, bits
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try container.decode(Int.self, forKey: .count)
    let text = try container.decode(String.self, forKey: .bits)
    // By bytes: the count may be any number.
    guard let bytes = Data(base64Encoded: text), count >= 0,
      bytes.count == count / 8 + (count % 8 == 0 ? 0 : 1),
      count % 8 == 0 || bytes.last! >> UInt8(count % 8) == 0
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .bits, in: container, debugDescription: "'bits' does not hold \(count) outcomes")
    }
    var words = [UInt64](repeating: 0, count: (count + 63) / 64)
    for (index, byte) in bytes.enumerated() {
      words[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8)
    }
    self.words = words
  }

  public func encode(to encoder: any Encoder) throws {
    let bytes = (0..<(count + 7) / 8).map { index in
      UInt8(truncatingIfNeeded: words[index / 8] >> UInt64(index % 8 * 8))
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(Data(bytes).base64EncodedString(), forKey: .bits)
  }
}
