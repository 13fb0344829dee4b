public import TensorCore

/// What corruptions draw from: a random source that can also play the part of NumPy's newer
/// generator, which scikit-image uses beside the legacy one.
public protocol CorruptionRandom: RandomSource {
  /// `count` doubles in [0, 1) as `numpy.random.default_rng(seed).random(count)` gives them.
  mutating func generatorUniforms(_ count: Int) -> [Double]
  /// Poisson draws, one for each of the means (0 to 1e6), in their order.
  mutating func poissons(_ means: [Double]) -> [Double]
}

extension CorruptionRandom {
  /// A source that does not replay NumPy has one stream for everything.
  public mutating func generatorUniforms(_ count: Int) -> [Double] { uniforms(count) }

  /// By inversion of as many uniforms.
  public mutating func poissons(_ means: [Double]) -> [Double] {
    PoissonTables.counts(uniforms(means.count), means: means)
  }
}

extension KeyedRandom: CorruptionRandom {}
