/// The parts in which a long field is drawn: small enough to stay in the cache, and whole blocks of
/// the keyed generator, so that the field is the same as if drawn at once.
struct DrawChunks: Sequence, IteratorProtocol {
  static let size = 8192
  private let count: Int
  private var start = 0

  /// - Parameter count: the length of the field.
  init(_ count: Int) { self.count = count }

  mutating func next() -> Range<Int>? {
    guard start < count else { return nil }
    defer { start += Self.size }
    return start..<Swift.min(start + Self.size, count)
  }
}

extension Array {
  /// Drops what the last, shorter part of a field does not need of a buffer for a whole one.
  mutating func shorten(to count: Int) { removeLast(self.count - count) }
}
