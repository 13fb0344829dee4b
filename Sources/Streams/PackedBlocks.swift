internal import TensorCore

/// Records of bytes that say themselves where they end, in blocks of 16: of each block it is known where it
/// begins, and a record is found by reading those before it in its block. Long lists lie in a file.
struct PackedBlocks: Sendable, Equatable {
  private static let blockLength = 16

  private(set) var count = 0
  private var bytes = PagedArray<UInt8>()
  /// Where the blocks begin in `bytes`.
  private var starts = PagedArray<Int>()

  /// Whether a record is the first of its block.
  static func begins(at index: Int) -> Bool { index.isMultiple(of: blockLength) }

  mutating func append(_ record: [UInt8]) {
    if Self.begins(at: count) { starts.append(bytes.count) }
    bytes.append(contentsOf: record)
    count += 1
  }

  /// The bytes of the blocks that hold the records at `range`, and the place of the first record in them.
  func blocks(holding range: Range<Int>) -> (bytes: [UInt8], first: Int) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "records of the list")
    guard !range.isEmpty else { return ([], range.lowerBound) }
    let block = range.lowerBound / Self.blockLength
    let endBlock = (range.upperBound - 1) / Self.blockLength + 1
    let end = endBlock < starts.count ? starts[endBlock] : bytes.count
    return (bytes.elements(starts[block]..<end), block * Self.blockLength)
  }
}
