internal import Configuration

/// Raises the value of every pixel, hue and saturation kept.
struct Brightness: CorruptionPrimitive {
  static let name = "brightness"
  static let summary = "adds `amount` to the value (HSV) of every pixel"

  /// Of the range 0...1.
  let amount: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    amount = try parameters.double("amount", in: -1...1)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let amount = amount
    image.modifyColors { $0.value = min(max($0.value + amount, 0), 1) }
  }
}
