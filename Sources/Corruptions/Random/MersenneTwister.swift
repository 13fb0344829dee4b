/// MT19937 as `numpy.random.seed(seed)` sets it up (Matsumoto and Nishimura 1998).
struct MersenneTwister: Sendable {
  private static let length = 624
  private static let shift = 397
  private var state: [UInt32]
  private var taken = Self.length

  /// `init_genrand`, which NumPy uses for an integer seed.
  init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(Self.length)
    for index in 1..<Self.length {
      let last = state[index - 1]
      state.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(index))
    }
  }

  /// 32 uniform bits.
  mutating func bits() -> UInt32 {
    if taken == Self.length { refill() }
    var word = state[taken]
    taken += 1
    word ^= word >> 11
    word ^= word << 7 & 0x9D2C_5680
    word ^= word << 15 & 0xEFC6_0000
    return word ^ word >> 18
  }

  /// A double in [0, 1) with 53 random bits.
  mutating func uniform() -> Double {
    let high = bits() >> 5
    let low = bits() >> 6
    return (Double(high) * 0x1p26 + Double(low)) * 0x1p-53
  }

  private mutating func refill() {
    let (length, shift) = (Self.length, Self.shift)
    for index in 0..<length - shift {
      state[index] = state[index + shift] ^ Self.twist(state[index], state[index + 1])
    }
    for index in length - shift..<length - 1 {
      state[index] = state[index + shift - length] ^ Self.twist(state[index], state[index + 1])
    }
    state[length - 1] = state[shift - 1] ^ Self.twist(state[length - 1], state[0])
    taken = 0
  }

  @inline(__always)
  private static func twist(_ first: UInt32, _ second: UInt32) -> UInt32 {
    let mixed = first & 0x8000_0000 | second & 0x7FFF_FFFF
    return mixed >> 1 ^ (0 &- (second & 1)) & 0x9908_B0DF
  }
}
