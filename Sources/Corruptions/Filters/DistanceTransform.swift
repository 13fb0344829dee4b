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
    var places = field.mutableSpan
    for y in 0..<height {
      let row = (y + 2) * stride + 2
      var last = infinity
      for x in 0..<width {
        let above = nearest(row + x, row: -stride, places)
        last = marked[y * width + x] ? 0 : min(above, last &+ straight)
        places[row + x] = last
      }
    }
    for y in (0..<height).reversed() {
      let row = (y + 2) * stride + 2
      var last = infinity
      // Nothing can shorten what is one step or none, so that it needs no exception.
      for place in (row..<row + width).reversed() {
        let below = nearest(place, row: stride, places)
        last = min(min(places[place], below), last &+ straight)
        places[place] = last
      }
    }
    return [Float](capacity: width * height) { output in
      for y in 0..<height {
        let row = (y + 2) * stride + 2
        for place in row..<row + width { output.append(min(limit, Float(places[place]) * 0x1p-16)) }
      }
    }
  }

  /// The least distance by way of the seven places in the two rows before.
  ///
  /// - Parameter row: the step to the row before, in the pass's direction.
  @inline(__always)
  private static func nearest(
    _ place: Int, row: Int, _ field: borrowing MutableSpan<Int32>
  ) -> Int32 {
    // Inside by the margin of two.
    let (near, far) = (place + row, place + 2 * row)
    let knights = unsafe min(
      min(field[unchecked: far - 1], field[unchecked: far + 1]),
      min(field[unchecked: near - 2], field[unchecked: near + 2]))
    let diagonals = unsafe min(field[unchecked: near - 1], field[unchecked: near + 1])
    let straights = unsafe field[unchecked: near] &+ straight
    return min(min(knights &+ knight, infinity), min(diagonals &+ diagonal, straights))
  }
}
