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
    Self.draw(count, from: generator, using: &random) { range, draws in
      var hits = hits.mutableSpan
      for index in range {
        hits[index] = Self.isBelow(draws[index - range.lowerBound], amount, generator)
      }
    }
    image.modifyPixels { samples in
      Self.draw(count, from: generator, using: &random) { range, draws in
        var bytes = samples.mutableSpan
        let hits = hits.span
        for index in range {
          let kind: UInt8 = Self.isBelow(draws[index - range.lowerBound], 0.5, generator) ? 255 : 0
          // Without branches, which nothing could predict.
          bytes[index] = hits[index] ? kind : bytes[index]
        }
      }
    }
  }

  /// Calls `body` with the parts of `count` uniform draws.
  @inline(__always)
  private static func draw(
    _ count: Int, from generator: Generator, using random: inout some CorruptionRandom,
    _ body: (Range<Int>, Span<Double>) -> Void
  ) {
    var draws = [Double](repeating: 0, count: min(count, DrawChunks.size))
    for range in DrawChunks(count) {
      draws.shorten(to: range.count)
      var drawn = draws.mutableSpan
      switch generator {
      case .current: random.drawGeneratorUniforms(into: &drawn)
      case .legacy: random.drawUniforms(into: &drawn)
      }
      body(range, drawn.span)
    }
  }

  /// The comparison that the generator's version of scikit-image makes.
  @inline(__always)
  private static func isBelow(_ draw: Double, _ limit: Double, _ generator: Generator) -> Bool {
    generator == .current ? draw <= limit : draw < limit
  }
}
