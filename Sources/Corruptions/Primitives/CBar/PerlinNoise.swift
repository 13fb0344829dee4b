internal import Configuration
internal import TensorCore

/// Blends in grey turbulence: absolute gradient noise in octaves (Perlin 1985).
struct PerlinNoise: CorruptionPrimitive {
  static let name = "perlin_noise"
  static let summary = "blends in grey turbulence, a share `alpha` of it"

  /// The share of the noise; the image keeps the rest.
  let alpha: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    alpha = try parameters.double("alpha", in: 0...1)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let lattice = Lattice(using: &random)
    // Seven cells of the lowest octave along the shorter side.
    let scale = 7 / Double(min(width, height))
    image.modifyPixels { samples in
      for pixel in 0..<width * height {
        let (x, y) = (scale * Double(pixel % width), scale * Double(pixel / width))
        var turbulence = 0.0
        var frequency = 1.0
        while frequency <= 16 {
          turbulence += abs(lattice.noise(x: y * frequency, y: x * frequency)) / frequency
          frequency *= 2
        }
        let light = 255 * alpha * min(0.5 + 0.5 * turbulence, 1)
        for sample in 3 * pixel..<3 * pixel + 3 {
          samples[sample] = truncatedByte((1 - alpha) * Double(samples[sample]) + light)
        }
      }
    }
  }

  /// Random gradients on the points of a grid that repeats after 256.
  private struct Lattice {
    private let order: [Int]
    private let gradients: [SIMD2<Double>]

    init(using random: inout some CorruptionRandom) {
      order = random.permutation(256)
      gradients = (0..<256).map { _ in
        let vector = SIMD2(random.uniform(in: -1...1), random.uniform(in: -1...1))
        let length = (vector * vector).sum().squareRoot()
        return length > 0 ? vector / length : SIMD2(1, 0)
      }
    }

    /// About -1...1; `x` and `y` at least 0.
    func noise(x: Double, y: Double) -> Double {
      let (column, row) = (Int(x), Int(y))
      let (right, down) = (x - Double(column), y - Double(row))
      func slope(_ dx: Int, _ dy: Int) -> Double {
        let gradient = gradients[order[(order[(column + dx) & 255] + row + dy) & 255]]
        return gradient.x * (right - Double(dx)) + gradient.y * (down - Double(dy))
      }
      let (across, along) = (Self.eased(right), Self.eased(down))
      let upper = slope(0, 0) + across * (slope(1, 0) - slope(0, 0))
      let lower = slope(0, 1) + across * (slope(1, 1) - slope(0, 1))
      return 1.5 * (upper + along * (lower - upper))
    }

    private static func eased(_ t: Double) -> Double { t * t * (3 - 2 * t) }
  }
}
