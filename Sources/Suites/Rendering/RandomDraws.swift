internal import TensorCore

extension KeyedRandom {
  mutating func float(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * Float(bits() >> 8) * 0x1p-24
  }

  /// About normal: mean 0, standard deviation `deviation`, never beyond 3 deviations.
  mutating func spread(_ deviation: Float) -> Float {
    (float(-1...1) + float(-1...1) + float(-1...1)) * deviation
  }

  mutating func chance(_ probability: Float) -> Bool { float(0...1) < probability }

  mutating func sign() -> Float { chance(0.5) ? 1 : -1 }

  mutating func count(_ range: ClosedRange<Int>) -> Int {
    integer(in: range.lowerBound..<range.upperBound + 1)
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[integer(in: 0..<elements.count)]
  }

  mutating func point(_ x: ClosedRange<Float>, _ y: ClosedRange<Float>) -> Point {
    Point(float(x), float(y))
  }

  /// A colour of any hue.
  mutating func colour(
    saturation: ClosedRange<Float> = 0...0.8, value: ClosedRange<Float> = 0.2...0.95
  ) -> Colour {
    Colour(hue: float(0...1), saturation: float(saturation), value: float(value))
  }

  /// A colour close to `colour`, as two objects of one kind differ.
  mutating func variant(of colour: Colour, _ amount: Float = 0.06) -> Colour {
    let light = 1 + spread(amount)
    return Colour(
      max(0, colour.x * light + spread(amount * 0.5)),
      max(0, colour.y * light + spread(amount * 0.5)),
      max(0, colour.z * light + spread(amount * 0.5)), colour.w)
  }
}

/// A fast generator for bulk per-pixel draws (xorshift64*), seeded from a keyed one.
struct FastBits {
  private var state: UInt64

  init(_ random: inout KeyedRandom) {
    state = UInt64(random.bits()) << 32 | UInt64(random.bits()) | 1
  }

  @inline(__always)
  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }

  /// Uniform in -1..<1.
  @inline(__always)
  mutating func signed() -> Float { Float(next() >> 40) * 0x1p-23 - 1 }
}
