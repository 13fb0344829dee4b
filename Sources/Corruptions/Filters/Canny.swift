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
    let magnitude: [Int32]
    let horizontal: [Int32]
    let vertical: [Int32]

    init(_ image: [UInt8], width: Int, height: Int) {
      stride = width + 2
      var magnitude = [Int32](repeating: 0, count: stride * (height + 2))
      var horizontal = magnitude
      var vertical = magnitude
      // The image with its border repeated.
      var padded = [Int32](repeating: 0, count: stride * (height + 2))
      for y in 0..<height + 2 {
        let (source, target) = (min(max(y - 1, 0), height - 1) * width, y * stride + 1)
        padded[target - 1] = Int32(image[source])
        for x in 0..<width { padded[target + x] = Int32(image[source + x]) }
        padded[target + width] = Int32(image[source + width - 1])
      }
      let samples = padded.span
      var lengths = magnitude.mutableSpan
      var across = horizontal.mutableSpan
      var down = vertical.mutableSpan
      for y in 1...height {
        for place in y * stride + 1...y * stride + width {
          let (above, below) = (place - stride, place + stride)
          // Inside by the border.
          let (a, b, c) = unsafe (
            samples[unchecked: above - 1], samples[unchecked: above], samples[unchecked: above + 1]
          )
          let (d, e) = unsafe (samples[unchecked: place - 1], samples[unchecked: place + 1])
          let (f, g, h) = unsafe (
            samples[unchecked: below - 1], samples[unchecked: below], samples[unchecked: below + 1]
          )
          let dx = (c &+ 2 &* e &+ h) &- (a &+ 2 &* d &+ f)
          let dy = (f &+ 2 &* g &+ h) &- (a &+ 2 &* b &+ c)
          unsafe across[unchecked: place] = dx
          unsafe down[unchecked: place] = dy
          unsafe lengths[unchecked: place] = abs(dx) &+ abs(dy)
        }
      }
      self.magnitude = magnitude
      self.horizontal = horizontal
      self.vertical = vertical
    }

    /// Whether the gradient at `place` is steeper than at the two neighbours along it.
    @inline(__always)
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
