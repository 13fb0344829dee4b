internal import Configuration

/// Blurs with a Gaussian, cut off at four standard deviations; the edges are repeated. In double
/// precision, as scikit-image's `gaussian`.
struct GaussianBlur: CorruptionPrimitive {
  static let name = "gaussian_blur"
  static let summary = "blurs with a Gaussian of `sigma` pixels"

  /// In pixels.
  let sigma: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    sigma = try parameters.double("sigma", in: 0.01...1000)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let filter = GaussianFilter(sigma: sigma)
    image.modifyValues { filter.apply(to: &$0, width: width, height: height, channels: 3) }
  }
}
