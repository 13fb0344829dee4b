internal import CRandom

/// A counter-based generator, Philox4x32-10 (Salmon et al., SC 2011), keyed by a run seed and by
/// what is being drawn for: the same key gives the same draws, whatever was drawn before, on which
/// thread, in which order, on which machine.
public struct KeyedRandom: RandomSource {
  private var key: (UInt32, UInt32)
  private var counter: UInt64 = 0
  private var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  private var taken = 4

  /// - Parameters:
  ///   - seed: the run's seed.
  ///   - path: what is drawn for, outermost first, as `["gaussian_noise", "3", "svhn/7/0012.png"]`.
  public init(seed: UInt64, _ path: String...) {
    self.init(seed: seed, path: path)
  }

  public init(seed: UInt64, path: [String]) {
    // Each part is preceded by its length, so that no two paths give the same text.
    let text = path.map { "\($0.utf8.count):\($0)" }.joined()
    let hash = ContentHash(of: "\(seed)/\(text)").low
    key = (UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32))
  }

  /// The raw generator of the paper, for its test vectors.
  package init(key: (UInt32, UInt32)) {
    self.key = key
  }

  package static func philox(
    _ counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let first = UInt64(c0) &* 0xD251_1F53
      let second = UInt64(c2) &* 0xCD9E_8D57
      let n0 = UInt32(truncatingIfNeeded: second >> 32) ^ c1 ^ k0
      let n2 = UInt32(truncatingIfNeeded: first >> 32) ^ c3 ^ k1
      c1 = UInt32(truncatingIfNeeded: second)
      c3 = UInt32(truncatingIfNeeded: first)
      c0 = n0
      c2 = n2
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }

  private mutating func nextBlock() -> (UInt32, UInt32, UInt32, UInt32) {
    let low = UInt32(truncatingIfNeeded: counter)
    let high = UInt32(truncatingIfNeeded: counter >> 32)
    counter &+= 1
    return Self.philox((low, high, 0, 0), key: key)
  }

  /// Goes to a place in the stream: word `4 * block` comes next, whatever was drawn before.
  public mutating func seek(toBlock block: UInt64) {
    counter = block
    taken = 4
  }

  /// 32 uniform bits.
  public mutating func bits() -> UInt32 {
    if taken == 4 {
      block = nextBlock()
      taken = 0
    }
    taken += 1
    switch taken {
    case 1: return block.0
    case 2: return block.1
    case 3: return block.2
    default: return block.3
    }
  }

  /// A double in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double {
    let high = UInt64(bits() >> 5)
    let low = UInt64(bits() >> 6)
    return Double(high << 26 | low) * 0x1p-53
  }

  /// Doubles in [0, 1) with 32 random bits each.
  public mutating func drawUniforms(into values: inout MutableSpan<Double>) {
    unsafe fill(&values) { first, key, blocks, out in
      unsafe cr_uniforms(first, key.0, key.1, blocks, out)
    } remainder: {
      Double($0) * 0x1p-32
    }
  }

  /// Normal draws, each the inverse distribution function of one 32-bit uniform, within 1e-10.
  public mutating func drawNormals(into values: inout MutableSpan<Double>) {
    let table = NormalQuantileTable.shared
    unsafe fill(&values) { first, key, blocks, out in
      unsafe table.pieces.withUnsafeBufferPointer { pieces in
        unsafe cr_normals(first, key.0, key.1, blocks, pieces.baseAddress, out)
      }
    } remainder: {
      table.quantile($0)
    }
  }

  /// Words of 32 uniform bits.
  public mutating func drawWords(into words: inout MutableSpan<UInt32>) {
    unsafe fill(&words) { first, key, blocks, out in
      unsafe cr_words(first, key.0, key.1, blocks, out)
    } remainder: {
      $0
    }
  }

  /// Fills `values` from a block's edge on: whole blocks at once, the remainder word by word.
  ///
  /// - Parameters:
  ///   - blocks: writes the words of so many blocks from a counter on, four a block.
  ///   - remainder: turns one word into a value.
  @inline(__always)
  private mutating func fill<Value>(
    _ values: inout MutableSpan<Value>,
    blocks: (
      _ first: UInt64, _ key: (UInt32, UInt32), _ count: Int, _ out: UnsafeMutablePointer<Value>?
    ) -> Void,
    remainder: (UInt32) -> Value
  ) {
    taken = 4
    let whole = values.count / 4
    unsafe values.withUnsafeMutableBufferPointer {
      unsafe blocks(counter, key, whole, $0.baseAddress)
    }
    counter &+= UInt64(whole)
    for index in 4 * whole..<values.count { values[index] = remainder(bits()) }
  }

  /// An integer in `range` by Lemire's multiplication with rejection.
  public mutating func integer(in range: Range<Int>) -> Int {
    precondition(!range.isEmpty && range.count <= Int(UInt32.max), "1 to 2^32-1 values")
    let count = UInt32(range.count)
    let threshold = (0 &- count) % count
    while true {
      let product = UInt64(bits()) &* UInt64(count)
      if UInt32(truncatingIfNeeded: product) >= threshold {
        return range.lowerBound + Int(product >> 32)
      }
    }
  }
}
