internal import Configuration
internal import TensorCore

/// Salt and pepper on single samples, the three channels independently, as scikit-image's
/// `random_noise(mode="s&p")`.
struct ImpulseNoise: CorruptionPrimitive {
  static let name = "impulse_noise"
  static let summary = "sets a share `amount` of the samples to black or white"

  /// The share of samples that are hit.
  let amount: Double
  let generator: Generator

  /// Which of scikit-image's streams is drawn from, and up to where a sample is hit.
  enum Generator: String, CaseIterable {
    /// Versions from 0.19 on: a new generator, up to `amount`.
    case current
    /// Versions up to 0.18, with which ImageNet-C was made: the global one, below `amount`.
    case legacy
  }

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    amount = try parameters.double("amount", in: 0...1)
    generator = try parameters.choice("generator", of: Generator.self, default: .current)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let count = 3 * image.width * image.height
    switch generator {
    case .current:
      let hits = random.generatorUniforms(count)
      let kinds = random.generatorUniforms(count)
      image.modifyPixels { strike(&$0, hits: hits, kinds: kinds) }
    case .legacy:
      let hits = random.uniforms(count)
      let kinds = random.uniforms(count)
      image.modifyPixels { strikeBelow(&$0, hits: hits, kinds: kinds) }
    }
  }

  /// - Parameters:
  ///   - hits: uniform in [0, 1), one for each sample: hit up to `amount`.
  ///   - kinds: uniform in [0, 1), one for each sample: white up to a half, else black.
  func strike(_ samples: inout [UInt8], hits: [Double], kinds: [Double]) {
    for index in samples.indices where hits[index] <= amount {
      samples[index] = kinds[index] <= 0.5 ? 255 : 0
    }
  }

  /// The same where a draw that equals a limit is beyond it.
  func strikeBelow(_ samples: inout [UInt8], hits: [Double], kinds: [Double]) {
    for index in samples.indices where hits[index] < amount {
      samples[index] = kinds[index] < 0.5 ? 255 : 0
    }
  }
}
