/// Texts, packed: each is kept as the number of bytes that it shares with the first text of its block,
/// and the rest (front coding). Names of a data set differ from one to the next by a few characters, so
/// that one takes 5 to 10 bytes, where a `String` takes 16 and its characters 48 or more besides. Long lists
/// lie in a file.
struct PackedTexts: Sendable, Equatable {
  private var blocks = PackedBlocks()
  /// The text that the last block begins with.
  private var first: [UInt8] = []

  var count: Int { blocks.count }

  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { new in
      var (shared, record) = (0, [UInt8]())
      if PackedBlocks.begins(at: count) {
        unsafe first = Array(new)
      } else {
        let most = min(first.count, new.count)
        while unsafe shared < most && first[shared] == new[shared] { shared += 1 }
        record.append(number: shared)
      }
      record.append(number: new.count - shared)
      unsafe record.append(contentsOf: new[shared...])
      blocks.append(record)
    }
  }

  subscript(index: Int) -> String { elements(index..<index + 1)[0] }

  /// The texts at `range`.
  func elements(_ range: Range<Int>) -> [String] {
    var texts: [String] = []
    texts.reserveCapacity(range.count)
    forEachPart(range) { bytes, shared, rest in
      texts.append(
        unsafe String(unsafeUninitializedCapacity: shared.count + rest.count) { text in
          _ = unsafe text.update(fromContentsOf: bytes[shared])
          _ = unsafe text.extracting(shared.count...).update(fromContentsOf: bytes[rest])
          return shared.count + rest.count
        })
    }
    return texts
  }

  /// Whether the text at `index` has these bytes in UTF-8.
  func holds(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    var isSame = false
    forEachPart(index..<index + 1) { bytes, shared, rest in
      isSame =
        unsafe shared.count + rest.count == text.count
        && bytes[shared].elementsEqual(text[..<shared.count])
        && bytes[rest].elementsEqual(text[shared.count...])
    }
    return isSame
  }

  /// Calls `body` for each text of `range` with the bytes of some blocks, and where the two parts of the text
  /// lie in them.
  private func forEachPart(
    _ range: Range<Int>,
    _ body: (_ bytes: [UInt8], _ shared: Range<Int>, _ rest: Range<Int>) -> Void
  ) {
    let (bytes, firstIndex) = blocks.blocks(holding: range)
    var position = 0
    var first = 0..<0
    for index in firstIndex..<range.upperBound {
      let isFirst = PackedBlocks.begins(at: index)
      let shared = isFirst ? 0 : bytes.number(at: &position)
      let length = bytes.number(at: &position)
      let rest = position..<position + length
      if isFirst { first = rest }
      if index >= range.lowerBound {
        body(bytes, first.lowerBound..<first.lowerBound + shared, rest)
      }
      position = rest.upperBound
    }
  }
}
