internal import Configuration
internal import TensorCore

/// Keeps the pixels where blue noise, whose amplitude grows with the frequency, is high, and
/// blackens the others.
struct BlueNoiseSample: CorruptionPrimitive {
  static let name = "blue_noise_sample"
  static let summary = "blackens the pixels where blue noise is up to `threshold`"

  /// In standard deviations of the noise.
  let threshold: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    threshold = try parameters.double("threshold", in: -10...10)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let noise = SpectralNoise(width: image.width, height: image.height)
    let field = noise.field(draws: random.uniforms(noise.drawCount)) { $0 }
    image.modifyPixels { samples in
      for (pixel, value) in field.enumerated() where value <= threshold {
        for sample in 3 * pixel..<3 * pixel + 3 { samples[sample] = 0 }
      }
    }
  }
}
