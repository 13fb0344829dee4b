internal import Configuration
internal import Foundation
internal import TensorCore

/// Greys out a share of the dark squares of a turned checkerboard.
struct CheckerboardCutout: CorruptionPrimitive {
  static let name = "checkerboard_cutout"
  static let summary = "greys out a `fraction` of one colour of a turned checkerboard"

  let fraction: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    fraction = try parameters.double("fraction", in: 0...1)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let angle = random.uniform(in: 0...2 * Double.pi)
    let cell = max(random.uniform(in: 0.1...0.25) * Double(min(width, height)), 1)
    // Enough squares for the image turned by any angle around its corner.
    let count = Int(4 * Double(max(width, height)) / cell) + 1
    let isCut = random.uniforms(count * count).map { $0 < fraction }
    let (cosine, sine) = (cos(angle) / cell, sin(angle) / cell)
    image.modifyPixels { samples in
      for pixel in 0..<width * height {
        let (x, y) = (Double(pixel % width), Double(pixel / width))
        let row = Int((cosine * y + sine * x).rounded(.down))
        let column = Int((cosine * x - sine * y).rounded(.down))
        let square = (row + count / 2) * count + column + count / 2
        guard (row + column) & 1 == 0, isCut[square] else { continue }
        for sample in 3 * pixel..<3 * pixel + 3 { samples[sample] = 128 }
      }
    }
  }
}
