internal import Configuration
internal import Foundation
internal import TensorCore

/// Blends in coloured swirls: sines of coordinates that were bent by sines several times over.
struct PlasmaNoise: CorruptionPrimitive {
  static let name = "plasma_noise"
  static let summary = "blends in coloured swirls of `amplitude` levels"

  /// In levels of 255; the image keeps the rest.
  let amplitude: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    amplitude = try parameters.double("amplitude", in: 0...255)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let swirl = Swirl(
      time: random.uniform(in: 0...6 * Double.pi), bends: random.integer(in: 4..<7),
      sharpness: random.uniform(in: 0.5...1),
      scale: random.uniform(in: 0.075...0.2) * Double(min(width, height)))
    let rest = 1 - amplitude / 255
    image.modifyPixels { samples in
      for pixel in 0..<width * height {
        let color = swirl.color(x: Double(pixel % width), y: Double(pixel / width))
        for channel in 0..<3 {
          let sample = 3 * pixel + channel
          samples[sample] = truncatedByte(
            rest * Double(samples[sample]) + amplitude * color[channel])
        }
      }
    }
  }

  private struct Swirl {
    let time: Double
    let bends: Int
    let sharpness, scale: Double

    /// Red, green and blue, -1...1.
    func color(x: Double, y: Double) -> SIMD3<Double> {
      var (x, y) = (x / scale, y / scale)
      var (frequency, drift, damping, shift) = (1.0, 1.0, 1.0, 0.0)
      for _ in 0..<bends {
        let first = cos(y * frequency - shift + time / drift) / damping
        let second = sin(x * frequency - shift + time / drift) / damping
        x += first - second * 0.3
        y += second + first * 0.3
        shift *= time * drift
        frequency *= 1.93
        drift *= 1.15
        damping *= 2.25 - sharpness
      }
      return SIMD3(sin(x - time), sin((x + y + sin(time)) * 0.5), sin(y + time))
    }
  }
}
