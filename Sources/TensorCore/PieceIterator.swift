/// Goes through a list that gives neighbours faster than one by one, piece by piece.
package struct PieceIterator<Element>: IteratorProtocol {
  private let pieceLength: Int
  private let elements: (Range<Int>) -> [Element]
  /// Those that were not read yet.
  private var rest: Range<Int>
  private var piece: ArraySlice<Element> = []

  /// - Parameters:
  ///   - range: the places that it goes through.
  ///   - pieceLength: how many elements are in memory at once.
  ///   - elements: of the list, at a range of places.
  package init(
    _ range: Range<Int>, pieceLength: Int = 256, _ elements: @escaping (Range<Int>) -> [Element]
  ) {
    self.pieceLength = pieceLength
    self.elements = elements
    rest = range
  }

  package mutating func next() -> Element? {
    if piece.isEmpty, !rest.isEmpty {
      let end = min(rest.lowerBound + pieceLength, rest.upperBound)
      piece = elements(rest.lowerBound..<end)[...]
      rest = end..<rest.upperBound
    }
    return piece.popFirst()
  }
}
