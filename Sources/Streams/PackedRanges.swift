/// Ranges of files, packed: each is kept as its distance from the end of the one before it and its length.
/// The parts of a file follow one another with little between them, so that one takes 3 to 6 bytes, where a
/// `Range` takes 16. Long lists lie in a file.
struct PackedRanges: Sendable, Equatable {
  /// The first distance of each block is from 0.
  private var blocks = PackedBlocks()
  /// Of the range that was appended last.
  private var end = 0

  var count: Int { blocks.count }

  /// - Parameter range: from 0 on.
  mutating func append(_ range: Range<Int>) {
    if PackedBlocks.begins(at: count) { end = 0 }
    // Even is forwards, odd backwards.
    let distance = range.lowerBound - end
    var record: [UInt8] = []
    record.append(number: distance < 0 ? -2 * distance - 1 : 2 * distance)
    record.append(number: range.count)
    blocks.append(record)
    end = range.upperBound
  }

  subscript(index: Int) -> Range<Int> { elements(index..<index + 1)[0] }

  /// The ranges at `places`.
  func elements(_ places: Range<Int>) -> [Range<Int>] {
    let (bytes, first) = blocks.blocks(holding: places)
    var position = 0
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(places.count)
    var range = 0..<0
    for index in first..<places.upperBound {
      if PackedBlocks.begins(at: index) { range = 0..<0 }
      let number = bytes.number(at: &position)
      let distance = number.isMultiple(of: 2) ? number / 2 : -(number + 1) / 2
      let start = range.upperBound + distance
      range = start..<start + bytes.number(at: &position)
      if index >= places.lowerBound { ranges.append(range) }
    }
    return ranges
  }
}
