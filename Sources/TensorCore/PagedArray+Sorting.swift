extension PagedArray {
  /// How many elements are sorted in memory at once.
  private static var runLength: Int { 16 * PageFile.pageBytes / MemoryLayout<Element>.stride }

  /// The elements in order; equal ones keep theirs. Of a long array runs that fit into memory are sorted,
  /// and merged two by two.
  package func sorted(by precedes: (Element, Element) -> Bool) -> PagedArray {
    var sorted = PagedArray(in: file)
    for start in stride(from: 0, to: count, by: Self.runLength) {
      let run = elements(start..<Swift.min(start + Self.runLength, count))
      sorted.append(contentsOf: run.sorted(by: precedes))
    }
    var length = Self.runLength
    while length < count {
      sorted = sorted.mergingRuns(of: length, by: precedes)
      length *= 2
    }
    return sorted
  }

  private func mergingRuns(
    of length: Int, by precedes: (Element, Element) -> Bool
  ) -> PagedArray {
    var merged = PagedArray(in: file)
    for start in stride(from: 0, to: count, by: 2 * length) {
      let middle = Swift.min(start + length, count)
      var first = Cursor(self, start..<middle)
      var second = Cursor(self, middle..<Swift.min(start + 2 * length, count))
      while let one = first.element {
        if let other = second.element, precedes(other, one) {
          merged.append(other)
          second.advance()
        } else {
          merged.append(one)
          first.advance()
        }
      }
      while let other = second.element {
        merged.append(other)
        second.advance()
      }
    }
    return merged
  }

  /// Goes through a part of an array, some elements at a time.
  private struct Cursor {
    private let array: PagedArray
    /// Those that were not read yet.
    private var rest: Range<Int>
    private var read: ArraySlice<Element> = []

    init(_ array: PagedArray, _ range: Range<Int>) {
      self.array = array
      rest = range
      fill()
    }

    var element: Element? { read.first }

    mutating func advance() {
      read.removeFirst()
      if read.isEmpty { fill() }
    }

    private mutating func fill() {
      let end = Swift.min(rest.lowerBound + PagedArray.pageLength, rest.upperBound)
      read = array.elements(rest.lowerBound..<end)[...]
      rest = end..<rest.upperBound
    }
  }
}
