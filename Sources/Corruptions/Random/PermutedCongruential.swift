/// PCG64 (XSL-RR 128/64, O'Neill 2014) as `numpy.random.default_rng(seed)` sets it up.
struct PermutedCongruential: Sendable {
  private static let multiplier: UInt128 = 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645
  private var state: UInt128 = 0
  private let increment: UInt128

  init(seed: UInt32) {
    let words = SeedSequence(seed).state(words: 8)
    func wide(_ index: Int) -> UInt128 {
      let high = UInt64(words[index + 1]) << 32 | UInt64(words[index])
      let low = UInt64(words[index + 3]) << 32 | UInt64(words[index + 2])
      return UInt128(high) << 64 | UInt128(low)
    }
    increment = wide(4) << 1 | 1
    step()
    state &+= wide(0)
    step()
  }

  /// A double in [0, 1) with 53 random bits.
  mutating func uniform() -> Double {
    step()
    let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
    let rotation = UInt64(truncatingIfNeeded: state >> 122)
    let bits = folded >> rotation | folded << ((0 &- rotation) & 63)
    return Double(bits >> 11) * 0x1p-53
  }

  private mutating func step() {
    state = state &* Self.multiplier &+ increment
  }
}

/// NumPy's `SeedSequence` for a seed of one 32-bit word.
private struct SeedSequence {
  private var pool: [UInt32]

  init(_ seed: UInt32) {
    var constant: UInt32 = 0x43B0_D7E5
    func hash(_ value: UInt32) -> UInt32 {
      var mixed = value ^ constant
      constant &*= 0x931E_8875
      mixed &*= constant
      return mixed ^ mixed >> 16
    }
    pool = [seed, 0, 0, 0].map(hash)
    for source in pool.indices {
      for target in pool.indices where target != source {
        let mixed = 0xCA01_F9DD &* pool[target] &- 0x4973_F715 &* hash(pool[source])
        pool[target] = mixed ^ mixed >> 16
      }
    }
  }

  func state(words: Int) -> [UInt32] {
    var constant: UInt32 = 0x8B51_F9DD
    return (0..<words).map { index in
      var word = pool[index % pool.count] ^ constant
      constant &*= 0x58F3_8DED
      word &*= constant
      return word ^ word >> 16
    }
  }
}
