internal import Configuration
internal import TensorCore

/// Draws bursts of white rays over the image.
struct Sparkles: CorruptionPrimitive {
  static let name = "sparkles"
  static let summary = "five bursts of white rays of a mean length `radius`"

  /// The mean length of the rays, of the image's shorter side.
  let radius: Double
  let count: Int

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    radius = try parameters.double("radius", in: 0...10)
    count = try parameters.int("count", in: 1...100, default: 5)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    var bursts: [RayBurst] = []
    for _ in 0..<count {
      let (x, y) = (random.uniform() * Double(width), random.uniform() * Double(height))
      bursts.append(
        RayBurst(
          centerX: x, centerY: y, radius: radius * Double(min(width, height)), shortest: 1,
          exponent: 1, using: &random))
    }
    image.modifyPixels { samples in
      for pixel in 0..<width * height {
        var dark = 1.0
        for burst in bursts {
          dark *= 1 - burst.light(x: Double(pixel % width), y: Double(pixel / width))
        }
        for sample in 3 * pixel..<3 * pixel + 3 {
          samples[sample] = truncatedByte(255 - dark * (255 - Double(samples[sample])))
        }
      }
    }
  }
}

/// Whitens all that lies beyond one large burst of rays.
struct InverseSparkles: CorruptionPrimitive {
  static let name = "inverse_sparkles"
  static let summary = "whitens what lies beyond a burst of rays, by `exponent`"

  /// Of the image's fall beyond the rays.
  let exponent: Double
  /// The mean length of the rays, of the image's shorter side.
  let radius: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    exponent = try parameters.double("exponent", in: 0...100)
    radius = try parameters.double("radius", in: 0...10, default: 0.25)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let x = random.uniform(in: 0.25...0.75) * Double(width)
    let y = random.uniform(in: 0.25...0.75) * Double(height)
    let burst = RayBurst(
      centerX: x, centerY: y, radius: radius * Double(min(width, height)), shortest: 0,
      exponent: exponent, using: &random)
    image.modifyPixels { samples in
      for pixel in 0..<width * height {
        let light = burst.light(x: Double(pixel % width), y: Double(pixel / width))
        for sample in 3 * pixel..<3 * pixel + 3 {
          samples[sample] = truncatedByte(255 + light * (Double(samples[sample]) - 255))
        }
      }
    }
  }
}
