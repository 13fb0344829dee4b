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
    let sigma = sigma
    image.countPhotons(photons, using: &random)
    // Values are clipped before they are changed again.
    image.modifyValues(normals: &random) { $0 + sigma * $1 }
  }
}
