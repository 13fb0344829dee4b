internal import Configuration
internal import TensorCore

/// A bank of fog: adds a cloudy map to the image and scales the sum back to the image's range.
///
/// The published code takes square maps of a fixed side, 256, 512, 64 or 32, and its own images
/// fit; here the map is as large as it must be to cover the image.
struct Fog: CorruptionPrimitive {
  static let name = "fog"
  static let summary = "adds the clouds of a plasma fractal, `amount` at the densest"

  /// Of the range 0...1, where the map is highest.
  let amount: Double
  /// Of the fractal: high for wide banks, low for ragged ones.
  let decay: Double
  /// The side of the map in pixels, a power of two, if the image is no larger.
  let map: Int

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    amount = try parameters.double("amount", in: 0.01...100)
    decay = try parameters.double("decay", in: 1...100)
    map = try parameters.int("map", in: 2...4096, default: 2)
    guard map & (map - 1) == 0 else {
      throw parameters.invalid("map", "\(map) is no power of two", remedy: "give 32, 64, 128, ...")
    }
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let fractal = PlasmaFractal(side: side(width: width, height: height), decay: decay)
    let heights = fractal.heights(draws: random.uniforms(fractal.drawCount))
    image.modifyValues { veil(&$0, width: width, height: height, heights, stride: fractal.side) }
  }

  private func side(width: Int, height: Int) -> Int {
    // The reference counts the three channels as a side.
    let longest = max(width, height, 3)
    return max(map, 1 << (Int.bitWidth - (longest - 1).leadingZeroBitCount))
  }

  /// - Parameter heights: 0...1, rows of `stride`, of which the upper left part is taken.
  private func veil(
    _ values: inout [Double], width: Int, height: Int, _ heights: [Double], stride: Int
  ) {
    var brightest = 0.0
    for value in values { brightest = max(brightest, value) }
    let scale = brightest + amount
    let heights = heights.span
    var samples = values.mutableSpan
    for y in 0..<height {
      for x in 0..<width {
        let fog = amount * heights[y * stride + x]
        let first = 3 * (y * width + x)
        for sample in first..<first + 3 {
          samples[sample] = (samples[sample] + fog) * brightest / scale
        }
      }
    }
  }
}
