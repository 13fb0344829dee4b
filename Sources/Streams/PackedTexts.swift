internal import TensorCore

/// Texts, packed: each is kept as the number of bytes that it shares with the first text of its block,
/// and the rest (front coding). Names of a data set differ from one to the next by a few characters, so
/// that one takes 5 to 10 bytes, where a `String` takes 16 and its characters 48 or more besides. Long lists
/// lie in a file.
struct PackedTexts: Sendable, Equatable {
  private static let blockLength = 16

  private(set) var count = 0
  private var bytes = PagedArray<UInt8>()
  /// Where the blocks begin in `bytes`.
  private var blocks = PagedArray<Int>()
  /// The text that the last block begins with.
  private var first: [UInt8] = []

  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { new in
      var shared = 0
      if count.isMultiple(of: Self.blockLength) {
        blocks.append(bytes.count)
        unsafe first = Array(new)
      } else {
        let most = min(first.count, new.count)
        while unsafe shared < most && first[shared] == new[shared] { shared += 1 }
        bytes.append(number: shared)
      }
      bytes.append(number: new.count - shared)
      unsafe bytes.append(contentsOf: new[shared...])
    }
    count += 1
  }

  subscript(index: Int) -> String {
    let (bytes, shared, rest) = place(of: index)
    return unsafe String(unsafeUninitializedCapacity: shared.count + rest.count) { text in
      _ = unsafe text.update(fromContentsOf: bytes[shared])
      _ = unsafe text.extracting(shared.count...).update(fromContentsOf: bytes[rest])
      return shared.count + rest.count
    }
  }

  /// Whether the text at `index` has these bytes in UTF-8.
  func holds(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    let (bytes, shared, rest) = place(of: index)
    guard shared.count + rest.count == text.count else { return false }
    return unsafe bytes[shared].elementsEqual(text[..<shared.count])
      && bytes[rest].elementsEqual(text[shared.count...])
  }

  /// The bytes of the block that has the text at `index`, and where its two parts lie in them.
  private func place(of index: Int) -> (bytes: [UInt8], shared: Range<Int>, rest: Range<Int>) {
    precondition((0..<count).contains(index), "a text of the list")
    let (block, place) = index.quotientAndRemainder(dividingBy: Self.blockLength)
    let bounds = blocks.elements(block..<min(block + 2, blocks.count)) + [bytes.count]
    let bytes = bytes.elements(bounds[0]..<bounds[1])
    var position = 0
    let length = bytes.number(at: &position)
    let first = position..<position + length
    var (shared, rest) = (0, first)
    for _ in 0..<place {
      position = rest.upperBound
      shared = bytes.number(at: &position)
      let length = bytes.number(at: &position)
      rest = position..<position + length
    }
    return (bytes, first.lowerBound..<first.lowerBound + shared, rest)
  }
}
