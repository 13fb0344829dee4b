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
    bytes.append(number: distance < 0 ? -2 * distance - 1 : 2 * distance)
    bytes.append(number: range.count)
    end = range.upperBound
    count += 1
  }

  subscript(index: Int) -> Range<Int> {
    precondition((0..<count).contains(index), "a range of the list")
    let (block, place) = index.quotientAndRemainder(dividingBy: Self.blockLength)
    let bounds = blocks.elements(block..<min(block + 2, blocks.count)) + [bytes.count]
    let bytes = bytes.elements(bounds[0]..<bounds[1])
    var position = 0
    var range = 0..<0
    for _ in 0...place {
      let number = bytes.number(at: &position)
      let distance = number.isMultiple(of: 2) ? number / 2 : -(number + 1) / 2
      let start = range.upperBound + distance
      range = start..<start + bytes.number(at: &position)
    }
    return range
  }
}
