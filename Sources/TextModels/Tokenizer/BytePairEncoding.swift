/// Byte-pair encoding of single words (Sennrich et al. 2016) over bytes: a word starts as its bytes,
/// of which the last carries the suffix `</w>`, and the pair of neighbours that comes first in the
/// list of merges is joined, at its leftmost place, until no pair is in the list.
struct BytePairEncoding: Sendable {
  /// What the last symbol of a word ends with.
  static let wordEnd = "</w>"

  /// The symbol of each byte inside a word, and at its end.
  private let inner: [Int]
  private let final: [Int]
  /// The place in the list of merges for a pair of symbols.
  private let ranks: [UInt64: Int32]
  /// What the merge of each place makes.
  private let products: [Int]

  /// - Parameters:
  ///   - vocabulary: the symbols' numbers.
  ///   - merges: pairs of symbols and what they make, all by number, the first to be joined first.
  ///   - unknown: the symbol of bytes that the vocabulary does not have.
  init(
    vocabulary: [String: Int], merges: [(left: Int, right: Int, product: Int)], unknown: Int
  ) {
    inner = ByteAlphabet.characters.map { vocabulary[$0] ?? unknown }
    final = ByteAlphabet.characters.map { vocabulary[$0 + Self.wordEnd] ?? unknown }
    var ranks: [UInt64: Int32] = [:]
    ranks.reserveCapacity(merges.count)
    for (rank, merge) in merges.enumerated() {
      ranks[Self.key(merge.left, merge.right)] = Int32(rank)
    }
    self.ranks = ranks
    products = merges.map(\.product)
  }

  private static func key(_ left: Int, _ right: Int) -> UInt64 {
    UInt64(UInt32(left)) << 32 | UInt64(UInt32(right))
  }

  /// The symbols of a word, given as UTF-8.
  func symbols(of word: some Collection<UInt8>) -> [Int] {
    var symbols = word.map { inner[Int($0)] }
    guard let last = Array(word.suffix(1)).first else { return [] }
    symbols[symbols.count - 1] = final[Int(last)]
    // Merged symbols stay in place, those that they swallowed are marked; links lead past them.
    var next = Array(1...symbols.count)
    var previous = Array(-1..<symbols.count - 1)
    var candidates = MergeQueue()
    func rank(_ left: Int, _ right: Int) -> Int32? {
      left >= 0 && right < symbols.count ? ranks[Self.key(symbols[left], symbols[right])] : nil
    }
    for position in symbols.indices {
      if let rank = rank(position, position + 1) { candidates.push(rank, position) }
    }
    while let (candidate, position) = candidates.pop() {
      let right = next[position]
      // The pair may have changed since; then it was queued anew.
      guard symbols[position] >= 0, let current = rank(position, right),
        products[Int(current)] == products[Int(candidate)]
      else { continue }
      symbols[position] = products[Int(current)]
      symbols[right] = Self.swallowed
      next[position] = next[right]
      if next[right] < symbols.count { previous[next[right]] = position }
      if let rank = rank(previous[position], position) {
        candidates.push(rank, previous[position])
      }
      if let rank = rank(position, next[position]) { candidates.push(rank, position) }
    }
    return symbols.filter { $0 != Self.swallowed }
  }

  private static let swallowed = -1
}

/// Pairs to merge, the lowest rank first and of equal ranks the leftmost.
private struct MergeQueue {
  /// A binary heap of rank and position in one number.
  private var heap: [UInt64] = []

  mutating func push(_ rank: Int32, _ position: Int) {
    heap.append(UInt64(UInt32(rank)) << 32 | UInt64(UInt32(position)))
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> (rank: Int32, position: Int)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sift()
    }
    return (Int32(first >> 32), Int(first & 0xffff_ffff))
  }

  private mutating func sift() {
    var parent = 0
    while 2 * parent + 1 < heap.count {
      var child = 2 * parent + 1
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[parent] else { return }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}
