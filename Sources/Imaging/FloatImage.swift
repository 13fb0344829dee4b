/// An RGB image in double precision, 0 to 1: what corruptions compute in.
public struct FloatImage: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// `3 * width * height` samples: rows from the top, pixels from the left, R, G, B interleaved.
  ///
  /// Elements are written in place, without a copy.
  public var values: [Double] {
    get { samples }
    _modify {
      defer { precondition(samples.count == 3 * width * height, "an image keeps its size") }
      yield &samples
    }
  }
  private var samples: [Double]

  public init(width: Int, height: Int, values: [Double]) {
    precondition(width > 0 && height > 0, "an image of \(width) x \(height) pixels")
    precondition(
      values.count == 3 * width * height, "\(values.count) samples for \(width) x \(height) RGB")
    self.width = width
    self.height = height
    samples = values
  }

  /// Every sample divided by 255.
  public init(_ image: PixelImage) {
    let levels = (0...255).map { Double($0) / 255 }
    let source = image.pixels.span
    let table = levels.span
    self.init(
      width: image.width, height: image.height,
      values: [Double](capacity: source.count) { output in
        for index in source.indices { output.append(table[Int(source[index])]) }
      })
  }

  /// Clipped to 0...1, times 255, cut off toward zero, as `np.uint8(np.clip(x, 0, 1) * 255)` of the
  /// reference corruptions; NaN becomes 0. An image of `init(_:)` comes back unchanged.
  public func quantized() -> PixelImage {
    let source = values.span
    let pixels = [UInt8](capacity: source.count) { output in
      for index in source.indices {
        let value = source[index]
        let scaled = value > 0 ? (value < 1 ? value * 255 : 255) : 0
        // Adding 2^52 rounds to an integer in the low bits, without the checks of `UInt8(_:)`.
        let shifted = scaled + 0x1p52
        let above: UInt8 = shifted - 0x1p52 > scaled ? 1 : 0
        output.append(UInt8(truncatingIfNeeded: shifted.bitPattern) &- above)
      }
    }
    return PixelImage(width: width, height: height, pixels: pixels)
  }
}
