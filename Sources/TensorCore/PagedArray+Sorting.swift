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
      var first = pieces(start..<middle)
      var second = pieces(middle..<Swift.min(start + 2 * length, count))
      var (one, other) = (first.next(), second.next())
      while let element = one {
        if let earlier = other, precedes(earlier, element) {
          merged.append(earlier)
          other = second.next()
        } else {
          merged.append(element)
          one = first.next()
        }
      }
      while let element = other {
        merged.append(element)
        other = second.next()
      }
    }
    return merged
  }
}
