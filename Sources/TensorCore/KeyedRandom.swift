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

  /// `count` doubles in [0, 1) with 32 random bits each.
  public mutating func uniforms(_ count: Int) -> [Double] {
    Self.map(words(count)) { Double($0) * 0x1p-32 }
  }

  /// `count` normal draws, each the inverse distribution function of one 32-bit uniform, within
  /// 1e-10.
  public mutating func normals(_ count: Int) -> [Double] {
    let table = NormalQuantileTable.shared
    return Self.map(words(count)) { table.quantile($0) }
  }

  /// `count` words of 32 uniform bits.
  public mutating func words(_ count: Int) -> [UInt32] {
    taken = 4  // bulk draws start at a block's edge
    return [UInt32](capacity: count) { output in
      var left = count
      while left >= 16 {
        let words = nextFourBlocks()
        Self.append(words.lowHalf.lowHalf, to: &output)
        Self.append(words.lowHalf.highHalf, to: &output)
        Self.append(words.highHalf.lowHalf, to: &output)
        Self.append(words.highHalf.highHalf, to: &output)
        left -= 16
      }
      while left > 0 {
        output.append(bits())
        left -= 1
      }
    }
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

  @inline(__always)
  private static func map(_ words: [UInt32], _ body: (UInt32) -> Double) -> [Double] {
    let source = words.span
    return [Double](capacity: source.count) { output in
      for index in source.indices { output.append(body(source[index])) }
    }
  }

  @inline(__always)
  private static func append(_ words: SIMD4<UInt32>, to output: inout OutputSpan<UInt32>) {
    output.append(words[0])
    output.append(words[1])
    output.append(words[2])
    output.append(words[3])
  }

  /// The words of the next four blocks.
  @inline(__always)
  private mutating func nextFourBlocks() -> SIMD16<UInt32> {
    let counters = SIMD4<UInt64>(repeating: counter) &+ SIMD4(0, 1, 2, 3)
    counter &+= 4
    // Low halves stand in 64-bit lanes throughout, as the multiplication takes them.
    let mask = SIMD4<UInt64>(repeating: 0xFFFF_FFFF)
    var c0 = counters & mask
    var c1 = counters &>> 32
    var c2 = SIMD4<UInt64>.zero
    var c3 = SIMD4<UInt64>.zero
    var (k0, k1) = key
    for _ in 0..<10 {
      // The masks change nothing; they tell the compiler that 32-bit factors do.
      let first = (c0 & mask) &* 0xD251_1F53
      let second = (c2 & mask) &* 0xCD9E_8D57
      c0 = (second &>> 32) ^ c1 ^ SIMD4(repeating: UInt64(k0))
      c2 = (first &>> 32) ^ c3 ^ SIMD4(repeating: UInt64(k1))
      c1 = second & mask
      c3 = first & mask
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    // Block by block: the words of a pair of lanes lie in one 64-bit lane.
    let low = c0 | c1 &<< 32
    let high = c2 | c3 &<< 32
    let pairs = SIMD8<UInt64>(
      low[0], high[0], low[1], high[1], low[2], high[2], low[3], high[3])
    var words = SIMD16<UInt32>()
    words.evenHalf = SIMD8(truncatingIfNeeded: pairs)
    words.oddHalf = SIMD8(truncatingIfNeeded: pairs &>> 32)
    return words
  }
}
