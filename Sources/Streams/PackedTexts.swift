/// Texts, packed: each is kept as the number of bytes that it shares with the first text of its block,
/// and the rest (front coding). Names of a data set differ from one to the next by a few characters, so
/// that one takes 5 to 10 bytes, where a `String` takes 16 and its characters 48 or more besides.
struct PackedTexts: Sendable, Equatable {
  private static let blockLength = 16

  private(set) var count = 0
  private var bytes: [UInt8] = []
  /// Where the blocks begin in `bytes`.
  private var blocks: [Int] = []

  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { new in
      var shared = 0
      if count.isMultiple(of: Self.blockLength) {
        blocks.append(bytes.count)
      } else {
        let first = firstOfBlock(blocks.count - 1)
        let most = min(first.count, new.count)
        while unsafe shared < most && bytes[first.lowerBound + shared] == new[shared] {
          shared += 1
        }
        bytes.append(number: shared)
      }
      bytes.append(number: new.count - shared)
      unsafe bytes.append(contentsOf: new[shared...])
    }
    count += 1
  }

  subscript(index: Int) -> String {
    let (shared, rest) = place(of: index)
    return unsafe String(unsafeUninitializedCapacity: shared.count + rest.count) { text in
      _ = unsafe text.update(fromContentsOf: bytes[shared])
      _ = unsafe text.extracting(shared.count...).update(fromContentsOf: bytes[rest])
      return shared.count + rest.count
    }
  }

  /// Whether the text at `index` has these bytes in UTF-8.
  func holds(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    let (shared, rest) = place(of: index)
    guard shared.count + rest.count == text.count else { return false }
    for offset in 0..<shared.count
    where unsafe bytes[shared.lowerBound + offset] != text[offset] {
      return false
    }
    for offset in 0..<rest.count
    where unsafe bytes[rest.lowerBound + offset] != text[shared.count + offset] {
      return false
    }
    return true
  }

  /// Where the two parts of the text at `index` lie in `bytes`.
  private func place(of index: Int) -> (shared: Range<Int>, rest: Range<Int>) {
    precondition((0..<count).contains(index), "a text of the list")
    let first = firstOfBlock(index / Self.blockLength)
    var (shared, rest) = (0, first)
    for _ in 0..<index % Self.blockLength {
      var position = rest.upperBound
      shared = bytes.number(at: &position)
      let length = bytes.number(at: &position)
      rest = position..<position + length
    }
    return (first.lowerBound..<first.lowerBound + shared, rest)
  }

  private func firstOfBlock(_ block: Int) -> Range<Int> {
    var position = blocks[block]
    let length = bytes.number(at: &position)
    return position..<position + length
  }
}
