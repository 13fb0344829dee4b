public import Results

/// A worker's part of the work: of `count` parts the one at `index`.
public struct Shard: Hashable, Sendable, CustomStringConvertible {
  /// How many parts work is shared out to: up to a hundred times as many as a Slurm job array has
  /// tasks unless a site allows more.
  public static let counts = 1...100_000

  /// 0 ..< count.
  public let index: Int
  /// In `counts`.
  public let count: Int

  public init(_ index: Int, of count: Int) {
    precondition(Self.counts.contains(count) && (0..<count).contains(index), "0 <= index < count")
    self.index = index
    self.count = count
  }

  /// Reads `I/N`.
  ///
  /// - Throws: `invalidShard`.
  public init(_ text: String) throws(LaunchingError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1],
      Self.counts.contains(count), (0..<count).contains(index)
    else { throw .invalidShard(text) }
    self.init(index, of: count)
  }

  /// The part that a unit of work falls to: the first 64 bits of its key modulo the number of parts.
  public static func index(of unit: CellKey, count: Int) -> Int {
    Int(UInt64(unit.text.prefix(16), radix: 16)! % UInt64(count))
  }

  /// Whether the unit of work is of this part.
  public func owns(_ unit: CellKey) -> Bool {
    Self.index(of: unit, count: count) == index
  }

  public var description: String { "\(index)/\(count)" }
}

extension Shard: Codable {
  private enum CodingKeys: String, CodingKey {
    case index, count
  }

  /// - Throws: `DecodingError` for an index that is none of the count's.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    index = try container.decode(Int.self, forKey: .index)
    count = try container.decode(Int.self, forKey: .count)
    guard Self.counts.contains(count), (0..<count).contains(index) else {
      throw DecodingError.dataCorruptedError(
        forKey: .index, in: container, debugDescription: "\(index)/\(count) is no shard")
    }
  }
}
