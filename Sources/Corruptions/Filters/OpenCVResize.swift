internal import Imaging

/// Parts of a resized image, equal to what OpenCV's `resize` gives for 8-bit images: taps with 11
/// fractional bits, the horizontal pass first and exact, the vertical one rounded.
struct OpenCVResize {
  enum Kernel { case linear, cubic }

  /// The taps of one axis: for each output, where the samples stand and their weights.
  private struct Taps {
    let count: Int
    /// `count` indices for each output, the edge's ones repeated.
    var places: [Int] = []
    /// `count` weights for each output, 2048 in sum.
    var weights: [Int32] = []

    /// - Parameters:
    ///   - step: how many input samples an output sample is wide.
    ///   - outputs: those that are wanted.
    init(_ kernel: Kernel, length: Int, step: Double, outputs: Range<Int>) {
      count = kernel == .linear ? 2 : 4
      for output in outputs {
        let position = Float((Double(output) + 0.5) * step - 0.5)
        var first = Int(position.rounded(.down))
        var rest = position - position.rounded(.down)
        if kernel == .linear, first < 0 || first >= length - 1 {
          first = min(max(first, 0), length - 1)
          rest = 0
        }
        let parts = kernel == .linear ? SIMD4(1 - rest, rest, 0, 0) : Self.cubic(rest)
        for tap in 0..<count {
          places.append(min(max(first + tap - (count / 2 - 1), 0), length - 1))
          weights.append(Int32((parts[tap] * 2048).rounded(.toNearestOrEven)))
        }
      }
    }

    /// Keys's cubic with a = -0.75, in singles.
    private static func cubic(_ x: Float) -> SIMD4<Float> {
      let a: Float = -0.75
      let far = ((a * (x + 1) - 5 * a) * (x + 1) + 8 * a) * (x + 1) - 4 * a
      let near = ((a + 2) * x - (a + 3)) * x * x + 1
      let next = ((a + 2) * (1 - x) - (a + 3)) * (1 - x) * (1 - x) + 1
      return SIMD4(far, near, next, 1 - far - near - next)
    }
  }

  let kernel: Kernel
  /// Of the whole resized image.
  let width, height: Int
  /// How many input samples an output sample is wide and high.
  let step: (x: Double, y: Double)

  /// The rectangle of `columns` and `rows` of the resized `image`.
  func part(of image: PixelImage, columns: Range<Int>, rows: Range<Int>) -> PixelImage {
    let across = Taps(kernel, length: image.width, step: step.x, outputs: columns)
    let down = Taps(kernel, length: image.height, step: step.y, outputs: rows)
    // Only the rows that are needed, each once.
    let used = (down.places.min()!)...(down.places.max()!)
    let lines = horizontal(image, rows: used, across, outputs: columns.count)
    let length = 3 * columns.count
    let pixels = [UInt8](capacity: length * rows.count) { output in
      let lines = lines.span
      for row in 0..<rows.count {
        let first = row * down.count
        func start(_ tap: Int) -> Int { (down.places[first + tap] - used.lowerBound) * length }
        switch kernel {
        case .linear:
          let (a, b) = (start(0), start(1))
          let (above, below) = (down.weights[first], down.weights[first + 1])
          for index in 0..<length {
            let upper = (above * (Int32(lines[a + index]) >> 4)) >> 16
            let lower = (below * (Int32(lines[b + index]) >> 4)) >> 16
            output.append(UInt8(truncatingIfNeeded: (upper + lower + 2) >> 2))
          }
        case .cubic:
          let starts = SIMD4(start(0), start(1), start(2), start(3))
          func scaled(_ tap: Int) -> Float { Float(down.weights[first + tap]) * 0x1p-22 }
          let scales = SIMD4(scaled(0), scaled(1), scaled(2), scaled(3))
          for index in 0..<length {
            let far = lines[starts[2] + index] * scales[2] + lines[starts[3] + index] * scales[3]
            let sum =
              lines[starts[0] + index] * scales[0] + (lines[starts[1] + index] * scales[1] + far)
            // Adding 3 * 2^22 leaves the nearest integer, ties to even, in the low bits.
            let rounded = min(max(sum, 0), 255) + 0x1.8p23
            output.append(UInt8(truncatingIfNeeded: rounded.bitPattern))
          }
        }
      }
    }
    return PixelImage(width: columns.count, height: rows.count, pixels: pixels)
  }

  /// Rows of `3 * outputs` sums with 11 fractional bits, exact in singles.
  private func horizontal(
    _ image: PixelImage, rows: ClosedRange<Int>, _ taps: Taps, outputs: Int
  ) -> [Float] {
    [Float](capacity: 3 * outputs * rows.count) { sums in
      let (pixels, places, weights) = (image.pixels.span, taps.places.span, taps.weights.span)
      for row in rows {
        let start = row * image.width
        for output in 0..<outputs {
          var (red, green, blue) = (Int32.zero, Int32.zero, Int32.zero)
          for tap in output * taps.count..<(output + 1) * taps.count {
            let (first, weight) = (3 * (start + places[tap]), weights[tap])
            red &+= Int32(pixels[first]) &* weight
            green &+= Int32(pixels[first + 1]) &* weight
            blue &+= Int32(pixels[first + 2]) &* weight
          }
          sums.append(Float(red))
          sums.append(Float(green))
          sums.append(Float(blue))
        }
      }
    }
  }
}
