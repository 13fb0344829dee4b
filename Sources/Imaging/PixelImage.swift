/// An 8-bit RGB image: what files hold, corruptions take and give, and models are fed from.
public struct PixelImage: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// `3 * width * height` samples: rows from the top, pixels from the left, R, G, B interleaved.
  ///
  /// Elements are written in place: `image.pixels[index] = 0` copies nothing.
  public var pixels: [UInt8] {
    get { samples }
    _modify {
      defer { precondition(samples.count == 3 * width * height, "an image keeps its size") }
      yield &samples
    }
  }
  private var samples: [UInt8]

  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "an image of \(width) x \(height) pixels")
    precondition(
      pixels.count == 3 * width * height, "\(pixels.count) samples for \(width) x \(height) RGB")
    self.width = width
    self.height = height
    samples = pixels
  }

  /// An image of one colour.
  public init(width: Int, height: Int, color: (red: UInt8, green: UInt8, blue: UInt8)) {
    var pixels = [UInt8](repeating: color.red, count: 3 * width * height)
    for index in stride(from: 0, to: pixels.count, by: 3) {
      pixels[index + 1] = color.green
      pixels[index + 2] = color.blue
    }
    self.init(width: width, height: height, pixels: pixels)
  }

  /// The rectangle of `width` x `height` pixels whose upper left pixel is (`x`, `y`).
  public func cropped(x: Int, y: Int, width: Int, height: Int) -> PixelImage {
    precondition(
      x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= self.width
        && y + height <= self.height, "a crop lies inside its image")
    if width == self.width && height == self.height { return self }
    let pixels = [UInt8](capacity: 3 * width * height) { output in
      for row in y..<y + height {
        let start = 3 * (row * self.width + x)
        for index in start..<start + 3 * width { output.append(self.pixels[index]) }
      }
    }
    return PixelImage(width: width, height: height, pixels: pixels)
  }
}
