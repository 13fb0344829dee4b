internal import Configuration

/// The mean of the image and of enlargements of its middle, as of a camera that zooms or rushes
/// forwards. In single precision, to 8 bits.
struct ZoomBlur: CorruptionPrimitive {
  static let name = "zoom_blur"
  static let summary = "averages the image with enlargements of its middle"

  /// What is cut off an enlargement that is larger than the image: sizes are rounded.
  enum Surplus: String, CaseIterable {
    /// On all sides (Hendrycks).
    case around
    /// At the right and at the bottom (imagecorruptions).
    case end
  }

  /// 1, 1 + step and so on, below `end`.
  let factors: [Double]
  let surplus: Surplus

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    let end = try parameters.double("end", in: 1.001...10)
    let step = try parameters.double("step", in: 0.001...10)
    surplus = try parameters.choice("surplus", of: Surplus.self, default: .end)
    // As numpy.arange(1, end, step), rounding errors included.
    let delta = (1 + step) - 1
    let count = Int(((end - 1) / step).rounded(.up))
    factors = (0..<count).map { 1 + Double($0) * delta }
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let stack = ZoomStack(
      width: image.width, height: image.height, factors: factors, centered: surplus == .around)
    image.modifyPixels { stack.average(&$0) }
  }
}
