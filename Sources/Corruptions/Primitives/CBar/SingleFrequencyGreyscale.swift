internal import Configuration
internal import Foundation
internal import TensorCore

/// Adds one grey plane wave of random direction, frequency and phase.
struct SingleFrequencyGreyscale: CorruptionPrimitive {
  static let name = "single_frequency_greyscale"
  static let summary = "adds a grey plane wave of `amplitude` levels"

  /// In levels of 255.
  let amplitude: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    amplitude = try parameters.double("amplitude", in: 0...1000)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let main = random.uniform(in: -Double.pi...Double.pi)
    let other = random.uniform(in: -abs(main)...abs(main))
    let frequencies = random.permutation(2).map { [main, other][$0] }
    let phase = random.uniform(in: 0...2 * Double.pi)
    let (width, height) = (image.width, image.height)
    image.modifyPixels { samples in
      for pixel in 0..<width * height {
        let (x, y) = (Double(pixel % width), Double(pixel / width))
        let wave = amplitude * sin(x * frequencies[0] + y * frequencies[1] + phase)
        for sample in 3 * pixel..<3 * pixel + 3 {
          samples[sample] = truncatedByte(Double(samples[sample]) + wave)
        }
      }
    }
  }
}
