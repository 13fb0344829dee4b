internal import Configuration
internal import TensorCore

/// Normal noise in proportion to the sample: `x + x sigma n`, as of coherent light.
struct SpeckleNoise: CorruptionPrimitive {
  static let name = "speckle_noise"
  static let summary = "adds normal noise of `sigma` times the sample to every sample"

  /// The standard deviation, as a share of the sample.
  let sigma: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    sigma = try parameters.double("sigma", in: 0...10)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let sigma = sigma
    image.modifyValues(normals: &random) { $0 + $0 * (sigma * $1) }
  }
}
