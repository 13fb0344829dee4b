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
    let offsets = random.integers(
      in: -distance..<distance, count: drawCount(width: width, height: height))
    image.modifyValues { filter.apply(to: &$0, width: width, height: height, channels: 3) }
    image.modifyPixels { shuffle(&$0, width: width, height: height, offsets: offsets) }
    image.modifyValues { filter.apply(to: &$0, width: width, height: height, channels: 3) }
  }

  /// Two for each pixel that is farther than `distance` from the edges, in every iteration.
  func drawCount(width: Int, height: Int) -> Int {
    2 * iterations * max(0, width - 2 * distance) * max(0, height - 2 * distance)
  }

  /// Replaces pixels by neighbours, from the lower right corner on.
  ///
  /// The reference means to swap the two; as it swaps views of one array, it copies.
  ///
  /// - Parameter offsets: for each pixel dx and dy, from `-distance` up to `distance - 1`.
  func shuffle(_ samples: inout [UInt8], width: Int, height: Int, offsets: [Int]) {
    guard !offsets.isEmpty else { return }
    var pixels = samples.mutableSpan
    let draws = offsets.span
    var draw = 0
    for _ in 0..<iterations {
      for y in stride(from: height - distance, to: distance, by: -1) {
        for x in stride(from: width - distance, to: distance, by: -1) {
          let target = 3 * (y * width + x)
          let source = target + 3 * (draws[draw + 1] * width + draws[draw])
          draw += 2
          pixels[target] = pixels[source]
          pixels[target + 1] = pixels[source + 1]
          pixels[target + 2] = pixels[source + 2]
        }
      }
    }
  }
}
