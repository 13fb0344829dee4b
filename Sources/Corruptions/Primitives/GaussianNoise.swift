internal import Configuration
internal import TensorCore

/// Adds normal noise to every sample: `x + sigma n`.
struct GaussianNoise: CorruptionPrimitive {
  static let name = "gaussian_noise"
  static let summary = "adds normal noise of standard deviation `sigma` (of 0...1) to every sample"

  /// Of the range 0...1.
  let sigma: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    sigma = try parameters.double("sigma", in: 0...10)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let sigma = sigma
    image.modifyValues(normals: &random) { $0 + sigma * $1 }
  }
}
