/// Goes through a packed list piece by piece: neighbours are unpacked together.
struct PieceIterator<Element>: IteratorProtocol {
  private static var pieceLength: Int { 256 }

  private let elements: (Range<Int>) -> [Element]
  /// Those that were not unpacked yet.
  private var rest: Range<Int>
  private var piece: ArraySlice<Element> = []

  /// - Parameter elements: of the list, at a range of its `count` places.
  init(count: Int, _ elements: @escaping (Range<Int>) -> [Element]) {
    self.elements = elements
    rest = 0..<count
  }

  mutating func next() -> Element? {
    if piece.isEmpty, !rest.isEmpty {
      let end = min(rest.lowerBound + Self.pieceLength, rest.upperBound)
      piece = elements(rest.lowerBound..<end)[...]
      rest = end..<rest.upperBound
    }
    return piece.popFirst()
  }
}
