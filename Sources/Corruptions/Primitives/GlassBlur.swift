internal import Configuration
internal import TensorCore

/// Frosted glass: blurred, the pixels shuffled among their neighbours, and blurred again, with
/// 8 bits in between.
struct GlassBlur: CorruptionPrimitive {
  static let name = "glass_blur"
  static let summary = "blurs, moves pixels about among their neighbours and blurs again"

  /// Of both blurs, in pixels.
  let sigma: Double
  /// How far a pixel comes from at most, along each axis.
  let distance: Int
  /// How often every pixel is moved.
  let iterations: Int

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    sigma = try parameters.double("sigma", in: 0.01...1000)
    distance = try parameters.int("distance", in: 1...1000)
    iterations = try parameters.int("iterations", in: 1...100)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let filter = GaussianFilter(sigma: sigma)
    image.modifyValues { filter.apply(to: &$0, width: width, height: height, channels: 3) }
    image.modifyPixels { samples in
      guard width > 2 * distance, height > 2 * distance else { return }
      let perRow = 2 * (width - 2 * distance)
      let rows = stride(from: height - distance, to: distance, by: -1)
      var offsets = [Int](repeating: 0, count: perRow * (height - 2 * distance))
      for _ in 0..<iterations {
        random.drawIntegers(in: -distance..<distance, into: &offsets)
        for (index, row) in rows.enumerated() {
          let draws = offsets.span.extracting(index * perRow..<(index + 1) * perRow)
          shuffle(&samples, width: width, row: row, offsets: draws)
        }
      }
    }
    image.modifyValues { filter.apply(to: &$0, width: width, height: height, channels: 3) }
  }

  /// Replaces the pixels of a row by neighbours, from the right on; those that are up to `distance`
  /// from an edge stay.
  ///
  /// The reference means to swap the two; as it swaps views of one array, it copies.
  ///
  /// - Parameter offsets: for each pixel dx and dy, from `-distance` up to `distance - 1`.
  func shuffle(_ samples: inout [UInt8], width: Int, row: Int, offsets: Span<Int>) {
    var pixels = samples.mutableSpan
    var target = 3 * (row * width + width - distance)
    for draw in stride(from: 0, to: offsets.count, by: 2) {
      let source = target + 3 * (offsets[draw + 1] * width + offsets[draw])
      pixels[target] = pixels[source]
      pixels[target + 1] = pixels[source + 1]
      pixels[target + 2] = pixels[source + 2]
      target -= 3
    }
  }
}
