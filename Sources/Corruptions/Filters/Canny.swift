/// Edges as OpenCV's `Canny` finds them in an 8-bit image with a 3 x 3 Sobel operator and the L1
/// norm (Canny 1986): gradients with the border repeated, thinning along the gradient, and the
/// weak edges that touch strong ones.
enum Canny {
  /// tan(22.5 degrees) with 15 fractional bits.
  private static let tangent: Int32 = 13573

  /// Which pixels are edges.
  ///
  /// - Parameters:
  ///   - image: `width * height` bytes.
  ///   - low: a thinned pixel must be steeper than this to be an edge at all.
  ///   - high: one steeper than this is a strong edge.
  static func edges(in image: [UInt8], width: Int, height: Int, low: Int32, high: Int32) -> [Bool] {
    let gradients = Gradients(image, width: width, height: height)
    // One column and row of zeros around everything.
    let stride = width + 2
    var weak = [Bool](repeating: false, count: stride * (height + 2))
    var edges = weak
    var open: [Int] = []
    for y in 0..<height {
      for x in 0..<width {
        let place = (y + 1) * stride + x + 1
        let steepness = gradients.magnitude[place]
        guard steepness > low, gradients.isRidge(at: place) else { continue }
        if steepness > high {
          edges[place] = true
          open.append(place)
        } else {
          weak[place] = true
        }
      }
    }
    let neighbours = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1]
    while let place = open.popLast() {
      for step in neighbours where weak[place + step] {
        weak[place + step] = false
        edges[place + step] = true
        open.append(place + step)
      }
    }
    var cropped: [Bool] = []
    cropped.reserveCapacity(width * height)
    for y in 1...height { cropped += edges[y * stride + 1..<y * stride + 1 + width] }
    return cropped
  }

  private struct Gradients {
    let stride: Int
    /// With a border of zeros, `[height + 2, width + 2]`, as the two others.
    var magnitude: [Int32]
    var horizontal: [Int32]
    var vertical: [Int32]

    init(_ image: [UInt8], width: Int, height: Int) {
      stride = width + 2
      magnitude = [Int32](repeating: 0, count: stride * (height + 2))
      horizontal = magnitude
      vertical = magnitude
      // The image with its border repeated.
      var padded = [Int32](repeating: 0, count: stride * (height + 2))
      for y in 0..<height + 2 {
        let source = min(max(y - 1, 0), height - 1) * width
        for x in 0..<stride {
          padded[y * stride + x] = Int32(image[source + min(max(x - 1, 0), width - 1)])
        }
      }
      for y in 1...height {
        for place in y * stride + 1...y * stride + width {
          let (above, below) = (place - stride, place + stride)
          let right = padded[above + 1] + 2 * padded[place + 1] + padded[below + 1]
          let left = padded[above - 1] + 2 * padded[place - 1] + padded[below - 1]
          let bottom = padded[below - 1] + 2 * padded[below] + padded[below + 1]
          let top = padded[above - 1] + 2 * padded[above] + padded[above + 1]
          horizontal[place] = right - left
          vertical[place] = bottom - top
          magnitude[place] = abs(right - left) + abs(bottom - top)
        }
      }
    }

    /// Whether the gradient at `place` is steeper than at the two neighbours along it.
    func isRidge(at place: Int) -> Bool {
      let steepness = magnitude[place]
      let (dx, dy) = (horizontal[place], vertical[place])
      let flat = abs(dx) * Canny.tangent
      let steep = flat + abs(dx) << 16
      let rise = abs(dy) << 15
      if rise < flat {
        return steepness > magnitude[place - 1] && steepness >= magnitude[place + 1]
      }
      if rise > steep {
        return steepness > magnitude[place - stride] && steepness >= magnitude[place + stride]
      }
      let side = (dx ^ dy) < 0 ? -1 : 1
      return steepness > magnitude[place - stride - side]
        && steepness > magnitude[place + stride + side]
    }
  }
}
