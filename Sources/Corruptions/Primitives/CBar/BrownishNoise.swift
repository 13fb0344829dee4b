internal import Configuration
internal import TensorCore

/// Adds soft coloured clouds: noise whose amplitude falls with the square of the frequency.
struct BrownishNoise: CorruptionPrimitive {
  static let name = "brownish_noise"
  static let summary = "adds clouds of low frequencies, a standard deviation of `amplitude` levels"

  /// In levels of 255.
  let amplitude: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    amplitude = try parameters.double("amplitude", in: 0...1000)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let noise = SpectralNoise(width: image.width, height: image.height)
    // Each channel has a field of its own.
    let fields = (0..<3).map { _ in
      noise.field(draws: random.uniforms(noise.drawCount)) { 1 / ($0 * $0 + 1) }
    }
    image.modifyPixels { samples in
      var bytes = samples.mutableSpan
      for (channel, field) in fields.enumerated() {
        let values = field.span
        for pixel in values.indices {
          let value = Double(bytes[3 * pixel + channel]) + amplitude * values[pixel]
          bytes[3 * pixel + channel] = truncatedByte(value)
        }
      }
    }
  }
}
