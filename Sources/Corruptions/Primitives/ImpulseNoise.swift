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
    let (amount, generator) = (amount, generator)
    var hits = [Bool](repeating: false, count: count)
    // All of them before the kinds, as the reference draws.
    Self.draw(count, from: generator, using: &random) { index, draw in
      hits[index] = generator == .current ? draw <= amount : draw < amount
    }
    image.modifyPixels { samples in
      var bytes = samples.mutableSpan
      Self.draw(count, from: generator, using: &random) { index, draw in
        let isWhite = generator == .current ? draw <= 0.5 : draw < 0.5
        // Without branches, which nothing could predict.
        bytes[index] = hits[index] ? (isWhite ? 255 : 0) : bytes[index]
      }
    }
  }

  /// Calls `body` with `count` uniform draws in [0, 1).
  @inline(__always)
  private static func draw(
    _ count: Int, from generator: Generator, using random: inout some CorruptionRandom,
    _ body: (Int, Double) -> Void
  ) {
    for range in DrawChunks(count) {
      let draws =
        generator == .current
        ? random.generatorUniforms(range.count) : random.uniforms(range.count)
      for (offset, draw) in draws.enumerated() { body(range.lowerBound + offset, draw) }
    }
  }
}
