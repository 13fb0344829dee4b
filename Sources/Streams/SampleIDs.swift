internal import TensorCore

/// Ids of samples in their order, packed: some 5 to 10 bytes each, long lists in a file.
public struct SampleIDs: RandomAccessCollection, Sendable, Equatable {
  private var texts = PackedTexts()

  public init() {}

  public init(_ ids: some Sequence<SampleID>) {
    for id in ids { append(id) }
  }

  public mutating func append(_ id: SampleID) { texts.append(id.text) }

  public var startIndex: Int { 0 }
  public var endIndex: Int { texts.count }
  public subscript(index: Int) -> SampleID { SampleID(texts[index]) }

  /// Those at `range`, faster than one by one.
  public func elements(_ range: Range<Int>) -> [SampleID] {
    texts.elements(range).map { SampleID($0) }
  }

  public func makeIterator() -> some IteratorProtocol<SampleID> {
    PieceIterator(0..<count, elements)
  }

  func holds(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    unsafe texts.holds(text, at: index)
  }
}

/// Finds samples by their ids: a hash table of places in a list, with linear probing. Ids are the same if
/// their bytes are.
struct SampleIndex: Sendable {
  /// Each once.
  private(set) var ids = SampleIDs()
  /// Places in `ids`, from 1; 0: free. A power of two, at most three quarters of them taken. Many lie in a
  /// file.
  private var slots = PagedArray<UInt32>(repeating: 0, count: 4)

  init() {}

  /// Appends `id`.
  ///
  /// - Returns: whether it is new; otherwise it is left out.
  mutating func append(_ id: SampleID) -> Bool {
    let (slot, place) = find(id)
    guard place == nil else { return false }
    precondition(ids.count < Int(UInt32.max), "places of 32 bits")
    ids.append(id)
    slots[slot] = UInt32(ids.count)
    if 4 * ids.count > 3 * slots.count { grow() }
    return true
  }

  /// The place of `id` in the list; nil if it is not there.
  subscript(id: SampleID) -> Int? { find(id).place }

  /// The slot where `id` is, or would be, and its place in the list.
  private func find(_ id: SampleID) -> (slot: Int, place: Int?) {
    var text = id.text
    return text.withUTF8 { text in
      var slot = unsafe Self.slot(of: text, among: slots.count)
      while slots[slot] > 0 {
        let place = Int(slots[slot]) - 1
        if unsafe ids.holds(text, at: place) { return (slot, place) }
        slot = (slot + 1) & (slots.count - 1)
      }
      return (slot, nil)
    }
  }

  /// Keyed anew by each process, so that no list of names makes all of them meet.
  private static func slot(of text: UnsafeBufferPointer<UInt8>, among count: Int) -> Int {
    var hasher = Hasher()
    unsafe hasher.combine(bytes: UnsafeRawBufferPointer(text))
    return hasher.finalize() & (count - 1)
  }

  private mutating func grow() {
    var larger = PagedArray<UInt32>(repeating: 0, count: 4 * slots.count)
    for (place, id) in ids.enumerated() {
      var text = id.text
      var slot = text.withUTF8 { unsafe Self.slot(of: $0, among: larger.count) }
      while larger[slot] > 0 { slot = (slot + 1) & (larger.count - 1) }
      larger[slot] = UInt32(place + 1)
    }
    slots = larger
  }
}
