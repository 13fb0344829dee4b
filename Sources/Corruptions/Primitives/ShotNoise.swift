internal import Configuration

/// The noise of counted photons: `Poisson(c x) / c`, so that dark samples are the noisiest for
/// their brightness.
struct ShotNoise: CorruptionPrimitive {
  static let name = "shot_noise"
  static let summary = "counts photons, of which a full sample has `photons` in the mean"

  /// The mean count of a sample of 1: the fewer, the noisier.
  let photons: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    photons = try parameters.double("photons", in: 1e-3...1e6)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    image.countPhotons(photons, using: &random)
  }
}

extension WorkingImage {
  /// Makes every sample `Poisson(photons x) / photons`.
  mutating func countPhotons(_ photons: Double, using random: inout some CorruptionRandom) {
    modifyValues { values in
      Self.map(&values) { $0 * photons }
      random.drawPoissons(means: &values)
      Self.map(&values) { $0 / photons }
    }
  }

  @inline(__always)
  private static func map(_ values: inout [Double], _ body: (Double) -> Double) {
    var samples = values.mutableSpan
    for index in samples.indices { samples[index] = body(samples[index]) }
  }
}
