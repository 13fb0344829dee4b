/// The distance to the nearest marked pixel, as OpenCV's `distanceTransform` approximates the
/// Euclidean one with a 5 x 5 mask (Borgefors 1986): steps of 1, 1.4 and 2.1969 in 16.16 fixed
/// point, one pass down and one up.
enum DistanceTransform {
  private static let straight: Int32 = 65536
  private static let diagonal: Int32 = 91750
  private static let knight: Int32 = 143976
  /// Farther than any pixel of an image.
  private static let infinity = Int32.max / 4

  /// Distances in pixels, at most `limit`.
  static func distances(to marked: [Bool], width: Int, height: Int, limit: Float) -> [Float] {
    let stride = width + 4
    var field = [Int32](repeating: infinity, count: stride * (height + 4))
    let down = [
      (-2 * stride - 1, knight), (-2 * stride + 1, knight), (-stride - 2, knight),
      (-stride - 1, diagonal), (-stride, straight), (-stride + 1, diagonal),
      (-stride + 2, knight), (-1, straight),
    ]
    for y in 0..<height {
      for x in 0..<width {
        let place = (y + 2) * stride + x + 2
        field[place] = marked[y * width + x] ? 0 : nearest(place, down, field)
      }
    }
    let up = down.map { (-$0, $1) }
    for y in (0..<height).reversed() {
      for x in (0..<width).reversed() {
        let place = (y + 2) * stride + x + 2
        if field[place] > straight { field[place] = min(field[place], nearest(place, up, field)) }
      }
    }
    var distances: [Float] = []
    distances.reserveCapacity(width * height)
    for y in 0..<height {
      for place in (y + 2) * stride + 2..<(y + 2) * stride + 2 + width {
        distances.append(min(limit, Float(field[place]) * 0x1p-16))
      }
    }
    return distances
  }

  @inline(__always)
  private static func nearest(_ place: Int, _ steps: [(Int, Int32)], _ field: [Int32]) -> Int32 {
    var best = infinity
    for (step, length) in steps { best = min(best, field[place + step] + length) }
    return best
  }
}
