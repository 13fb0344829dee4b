internal import Configuration
internal import Foundation
internal import TensorCore

/// The white balance of another illuminant: gains on the channels in linear light (von Kries), the
/// luminance of white kept. Positive casts are warm, as tungsten light under a daylight setting,
/// negative ones cool.
struct WhiteBalance: CorruptionPrimitive {
  static let name = "white_balance"
  static let summary = "gives the image a warm or a cool cast of `cast` stops"

  /// How far red is above blue, in stops (factors of 2), or below.
  let cast: Double
  /// The share of `cast` that green and magenta may take beside it.
  let tint: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    cast = try parameters.double("cast", in: 0...8)
    tint = try parameters.double("tint", in: 0...1, default: 0.25)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let draws = random.uniforms(2)
    let gains = gains(side: draws[0], tint: draws[1])
    image.applyCurve { value, channel in
      // The little more makes up for rounding, so that truncation takes no level without a cast.
      Self.encoded(min(gains[channel] * Self.linear(value), 1)) + 1e-12
    }
  }

  /// The factors of red, green and blue.
  ///
  /// - Parameters:
  ///   - side: in [0, 1): warm below a half, else cool.
  ///   - tint: in [0, 1): from magenta to green.
  func gains(side: Double, tint draw: Double) -> [Double] {
    let half = side < 0.5 ? cast / 2 : -cast / 2
    let gains = [exp2(half), exp2(tint * cast * (draw - 0.5)), exp2(-half)]
    // The luminance of Rec. 709's primaries.
    let luminance = 0.2126 * gains[0] + 0.7152 * gains[1] + 0.0722 * gains[2]
    return gains.map { $0 / luminance }
  }

  /// sRGB's transfer function (IEC 61966-2-1), to linear light.
  private static func linear(_ value: Double) -> Double {
    value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }

  /// The inverse.
  private static func encoded(_ light: Double) -> Double {
    light <= 0.0031308 ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055
  }
}
