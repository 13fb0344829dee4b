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
    image.modifyValues { values in
      let counts = random.poissons(values.map { $0 * photons })
      expose(&values, counts: counts)
    }
  }

  /// - Parameter counts: the photons of each sample.
  func expose(_ values: inout [Double], counts: [Double]) {
    let photons = photons
    var samples = values.mutableSpan
    let source = counts.span
    for index in source.indices { samples[index] = source[index] / photons }
  }
}
