internal import Configuration
internal import Foundation

/// Too little light: stretches the image's range to 0...1, bends it down by a power and scales it.
/// The first step of ImageNet-3DCC's `low_light` (Kar et al. 2022), whose noise follows as steps of
/// its own. An image of one level, where the published code divides 0 by 0, isn't stretched.
struct LowLight: CorruptionPrimitive {
  static let name = "low_light"
  static let summary = "stretches the range, raises it to the power of `exponent`, takes `scale`"

  /// What white becomes.
  let scale: Double
  let exponent: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    scale = try parameters.double("scale", in: 0...1)
    exponent = try parameters.double("exponent", in: 0.1...10, default: 2)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    // In doubles: 8 bits would leave few levels for the noise that follows.
    image.modifyValues { values in
      var (least, most) = (1.0, 0.0)
      for value in values {
        least = min(least, value)
        most = max(most, value)
      }
      if least >= most { (least, most) = (0, 1) }
      let range = most - least
      var span = values.mutableSpan
      for index in span.indices {
        let stretched = (span[index] - least) / range
        let bent = exponent == 2 ? stretched * stretched : pow(stretched, exponent)
        span[index] = bent * scale
      }
    }
  }
}
