internal import Configuration
internal import TensorCore

/// The noise of a sensor: of photons, `Poisson(photons x) / photons`, then of its electronics,
/// `+ sigma n`, clipped to 0...1 between the two, as ImageNet-3DCC's (Kar et al. 2022).
struct PoissonGaussianNoise: CorruptionPrimitive {
  static let name = "poisson_gaussian_noise"
  static let summary = "photon noise of white at `photons`, then normal noise of `sigma`"

  /// How many of them white is on average.
  let photons: Double
  /// Of the range 0...1.
  let sigma: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    photons = try parameters.double("photons", in: 0.1...100_000)
    sigma = try parameters.double("sigma", in: 0...10)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    image.modifyValues { values in
      let counts = random.poissons(values.map { $0 * photons })
      let noise = random.normals(values.count)
      expose(&values, counts: counts, noise: noise)
    }
  }

  /// - Parameters:
  ///   - counts: of photons, one for each sample.
  ///   - noise: standard normal, one for each sample.
  func expose(_ values: inout [Double], counts: [Double], noise: [Double]) {
    let (counts, noise) = (counts.span, noise.span)
    var span = values.mutableSpan
    for index in span.indices {
      span[index] = min(counts[index] / photons, 1) + sigma * noise[index]
    }
  }
}
