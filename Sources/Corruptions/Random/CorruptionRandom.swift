public import TensorCore

/// What corruptions draw from: a random source that also counts photons, and that can play the
/// part of NumPy's newer generator, which scikit-image uses beside the legacy one.
public protocol CorruptionRandom: RandomSource {
  /// Doubles in [0, 1) as `numpy.random.default_rng(seed).random` gives them.
  mutating func drawGeneratorUniforms(into values: inout MutableSpan<Double>)
  /// Replaces each mean (finite, from 0 up) by a draw of its Poisson distribution, in draw order.
  mutating func drawPoissons(means: inout [Double])
  /// Integers in `range`, every value equally likely, in draw order.
  mutating func drawIntegers(in range: Range<Int>, into values: inout [Int])
}

extension CorruptionRandom {
  /// A source that does not replay NumPy has one stream for everything.
  public mutating func drawGeneratorUniforms(into values: inout MutableSpan<Double>) {
    drawUniforms(into: &values)
  }

  public mutating func drawIntegers(in range: Range<Int>, into values: inout [Int]) {
    for index in values.indices { values[index] = integer(in: range) }
  }
}

extension KeyedRandom: CorruptionRandom {
  /// Each the inverse distribution function of one 32-bit uniform. Fast where few means repeat, as
  /// in an 8-bit image; they are tabulated.
  public mutating func drawPoissons(means: inout [Double]) {
    var quantiles = PoissonQuantiles()
    var values = means.mutableSpan
    var draws = [UInt32](repeating: 0, count: min(values.count, DrawChunks.size))
    for range in DrawChunks(values.count) {
      draws.shorten(to: range.count)
      var words = draws.mutableSpan
      drawWords(into: &words)
      for index in range {
        let count = quantiles.quantile(of: values[index], at: words[index - range.lowerBound])
        values[index] = Double(count)
      }
    }
  }

  /// Lemire's multiplication of one 32-bit word each; the few that he rejects are drawn anew after
  /// all others.
  public mutating func drawIntegers(in range: Range<Int>, into values: inout [Int]) {
    precondition(!range.isEmpty && range.count <= Int(UInt32.max), "1 to 2^32-1 values")
    let size = UInt32(range.count)
    let threshold = (0 &- size) % size
    var rejected: [Int] = []
    var draws = [UInt32](repeating: 0, count: values.count)
    var words = draws.mutableSpan
    drawWords(into: &words)
    var drawn = values.mutableSpan
    for index in drawn.indices {
      let product = UInt64(words[index]) &* UInt64(size)
      if UInt32(truncatingIfNeeded: product) < threshold { rejected.append(index) }
      drawn[index] = range.lowerBound + Int(product >> 32)
    }
    for index in rejected { drawn[index] = integer(in: range) }
  }
}
