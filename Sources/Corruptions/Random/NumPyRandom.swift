internal import Foundation

/// Replays NumPy draw by draw: the legacy generator after `numpy.random.seed(seed)` and, beside it,
/// `numpy.random.default_rng(seed)`. For parity with published data; draws depend on their order,
/// so that each image takes a generator of its own.
public struct NumPyRandom: CorruptionRandom {
  private var legacy: MersenneTwister
  private var generator: PermutedCongruential
  /// The second value of the last pair of normal draws.
  private var kept: Double?

  public init(seed: UInt32) {
    legacy = MersenneTwister(seed: seed)
    generator = PermutedCongruential(seed: seed)
  }

  /// `random_sample()`.
  public mutating func uniform() -> Double { legacy.uniform() }

  /// `random_sample(count)`.
  public mutating func drawUniforms(into values: inout MutableSpan<Double>) {
    for index in values.indices { values[index] = legacy.uniform() }
  }

  /// `standard_normal(count)`: Marsaglia's polar method, the second of a pair first.
  public mutating func drawNormals(into values: inout MutableSpan<Double>) {
    var index = 0
    if let last = kept, values.count > 0 {
      values[0] = last
      kept = nil
      index = 1
    }
    while index < values.count {
      var (first, second, square) = (0.0, 0.0, 0.0)
      repeat {
        first = 2 * legacy.uniform() - 1
        second = 2 * legacy.uniform() - 1
        square = first * first + second * second
      } while square >= 1 || square == 0
      let factor = (-2 * log(square) / square).squareRoot()
      values[index] = factor * second
      if index + 1 < values.count {
        values[index + 1] = factor * first
      } else {
        kept = factor * first
      }
      index += 2
    }
  }

  /// `randint(low, high)`: masked rejection, one 32-bit word per try.
  public mutating func integer(in range: Range<Int>) -> Int {
    precondition(!range.isEmpty && range.count <= 1 << 32, "1 to 2^32 values")
    let largest = UInt32(truncatingIfNeeded: range.count - 1)
    guard largest > 0 else { return range.lowerBound }
    let mask = UInt32.max >> UInt32(largest.leadingZeroBitCount)
    while true {
      let value = legacy.bits() & mask
      if value <= largest { return range.lowerBound + Int(value) }
    }
  }

  /// `default_rng(seed).random(count)`, continued from call to call.
  public mutating func drawGeneratorUniforms(into values: inout MutableSpan<Double>) {
    for index in values.indices { values[index] = generator.uniform() }
  }
}
