internal import TensorCore

/// Ranges of files, packed: each is kept as its distance from the end of the one before it and its length.
/// The parts of a file follow one another with little between them, so that one takes 3 to 6 bytes, where a
/// `Range` takes 16. Long lists lie in a file.
struct PackedRanges: Sendable, Equatable {
  private static let blockLength = 16

  private(set) var count = 0
  private var bytes = PagedArray<UInt8>()
  /// Where the blocks begin in `bytes`; the first distance of each is from 0.
  private var blocks = PagedArray<Int>()
  /// Of the range that was appended last.
  private var end = 0

  /// - Parameter range: from 0 on.
  mutating func append(_ range: Range<Int>) {
    if count.isMultiple(of: Self.blockLength) {
      blocks.append(bytes.count)
      end = 0
    }
    // Even is forwards, odd backwards.
    let distance = range.lowerBound - end
    var record: [UInt8] = []
    record.append(number: distance < 0 ? -2 * distance - 1 : 2 * distance)
    record.append(number: range.count)
    bytes.append(contentsOf: record)
    end = range.upperBound
    count += 1
  }

  subscript(index: Int) -> Range<Int> { elements(index..<index + 1)[0] }

  /// The ranges at `places`.
  func elements(_ places: Range<Int>) -> [Range<Int>] {
    precondition(places.lowerBound >= 0 && places.upperBound <= count, "ranges of the list")
    guard !places.isEmpty else { return [] }
    let block = places.lowerBound / Self.blockLength
    let endBlock = (places.upperBound - 1) / Self.blockLength + 1
    let end = endBlock < blocks.count ? blocks[endBlock] : bytes.count
    let bytes = bytes.elements(blocks[block]..<end)
    var position = 0
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(places.count)
    var range = 0..<0
    for index in block * Self.blockLength..<places.upperBound {
      if index.isMultiple(of: Self.blockLength) { range = 0..<0 }
      let number = bytes.number(at: &position)
      let distance = number.isMultiple(of: 2) ? number / 2 : -(number + 1) / 2
      let start = range.upperBound + distance
      range = start..<start + bytes.number(at: &position)
      if index >= places.lowerBound { ranges.append(range) }
    }
    return ranges
  }
}
