internal import Configuration

/// Changes the saturation of every pixel, hue and value kept.
struct Saturate: CorruptionPrimitive {
  static let name = "saturate"
  static let summary = "multiplies the saturation (HSV) of every pixel by `factor` and adds `shift`"

  let factor: Double
  let shift: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    factor = try parameters.double("factor", in: 0...1000)
    shift = try parameters.double("shift", in: -1...1, default: 0)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (factor, shift) = (factor, shift)
    image.modifyColors { $0.saturation = min(max($0.saturation * factor + shift, 0), 1) }
  }
}
