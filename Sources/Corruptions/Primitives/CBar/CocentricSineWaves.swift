internal import Configuration
internal import Foundation
internal import TensorCore

/// Adds saw-tooth rings around a random centre, whose radius swings with the direction.
struct CocentricSineWaves: CorruptionPrimitive {
  static let name = "cocentric_sine_waves"
  static let summary = "adds wavy rings, `amplitude` levels from crest to trough"

  /// In levels of 255.
  let amplitude: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    amplitude = try parameters.double("amplitude", in: 0...1000)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let side = Double(min(width, height))
    let centerX = random.uniform(in: 0...Double(width))
    let centerY = random.uniform(in: 0...Double(height))
    let frequency = random.uniform(in: 0...10)
    let swing = random.uniform(in: 0...side / 10)
    let period = max(random.uniform(in: 0...side / 10), 1e-6)
    image.modifyPixels { samples in
      for pixel in 0..<width * height {
        let (x, y) = (Double(pixel % width) - centerX, Double(pixel / width) - centerY)
        let radius = (x * x + y * y).squareRoot() + sin(atan2(x, y) * frequency) * swing
        let turns = radius / period
        let wave = amplitude * (turns - turns.rounded(.down) - 0.5)
        for sample in 3 * pixel..<3 * pixel + 3 {
          samples[sample] = truncatedByte(Double(samples[sample]) + wave)
        }
      }
    }
  }
}
