internal import Configuration
internal import Foundation
internal import TensorCore

/// A wrong transfer curve: `x^exponent`, as when an image is gamma-corrected twice or not at all.
struct Gamma: CorruptionPrimitive {
  static let name = "gamma"
  static let summary = "raises every sample to the power of `exponent`, or of its inverse"

  enum Direction: String, CaseIterable {
    /// By the exponent.
    case darker
    /// By its inverse.
    case brighter
    /// One or the other, by a draw.
    case either
  }

  /// 1 leaves the image as it is.
  let exponent: Double
  let direction: Direction

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    exponent = try parameters.double("exponent", in: 1...20)
    direction = try parameters.choice("direction", of: Direction.self, default: .either)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let isDarker =
      switch direction {
      case .darker: true
      case .brighter: false
      case .either: random.uniform() < 0.5
      }
    let power = isDarker ? exponent : 1 / exponent
    image.applyCurve { value, _ in pow(value, power) }
  }
}
