internal import TensorCore

/// A cloudy height map by the diamond-square algorithm on a torus (Fournier, Fussell and Carpenter
/// 1982), in the order of sums and draws of ImageNet-C's `plasma_fractal`.
struct PlasmaFractal: Sendable {
  /// Pixels along each side: a power of two, 2 at least.
  let side: Int
  /// By how much the amplitude of the draws shrinks from each level to the next.
  let decay: Double

  init(side: Int, decay: Double) {
    precondition(side >= 2 && side & (side - 1) == 0, "a power of two")
    self.side = side
    self.decay = decay
  }

  /// How many uniform draws a map takes: one for each point but the first.
  var drawCount: Int { side * side - 1 }

  /// The upper left part of the map, `[rows, columns]`; over the whole map the lowest height is 0
  /// and the highest 1.
  ///
  /// - Parameter draws: uniform in [0, 1): for each level those of the squares' centres, then those
  ///   of the upper and of the left edges' middles.
  func heights(draws: [Double], columns: Int, rows: Int) -> [Double] {
    precondition(draws.count == drawCount, "one draw for each point but the first")
    var map = [Double](repeating: 0, count: side * side)
    var first = 0
    var step = side
    var wobble = 100.0
    while step >= 2 {
      let count = (side / step) * (side / step)
      let level = Level(side: side, step: step, wobble: wobble)
      level.fill(&map, .centers, draws: draws.span.extracting(first..<first + count))
      first += count
      level.fill(&map, .upperEdges, draws: draws.span.extracting(first..<first + count))
      first += count
      level.fill(&map, .leftEdges, draws: draws.span.extracting(first..<first + count))
      first += count
      step /= 2
      wobble /= decay
    }
    return normalized(map, columns: columns, rows: rows)
  }

  /// Where the points of a pass stand in their cells of `step` x `step`, and between which points.
  private enum Pass { case centers, upperEdges, leftEdges }

  private struct Level {
    let side, step: Int
    let wobble: Double

    /// Sets the points of one pass to the mean of their four neighbours and a draw.
    @inline(__always)
    func fill(_ map: inout [Double], _ pass: Pass, draws: Span<Double>) {
      let (half, mask) = (step / 2, side - 1)
      var map = map.mutableSpan
      // As NumPy's `wibble * uniform(-wibble, wibble)`.
      let (low, range) = (-wobble, wobble - -wobble)
      var draw = 0
      for top in stride(from: 0, to: side, by: step) {
        let middle = (top + half) * side
        let bottom = ((top + step) & mask) * side
        let above = ((top - half) & mask) * side
        let row = top * side
        for left in stride(from: 0, to: side, by: step) {
          let center = left + half
          let right = (left + step) & mask
          // Inside the map by the masks.
          let sum: Double
          let target: Int
          switch pass {
          case .centers:
            let first = unsafe map[unchecked: row + left] + map[unchecked: bottom + left]
            sum = unsafe first + (map[unchecked: row + right] + map[unchecked: bottom + right])
            target = middle + center
          case .upperEdges:
            let first = unsafe map[unchecked: middle + center] + map[unchecked: above + center]
            sum = unsafe first + (map[unchecked: row + left] + map[unchecked: row + right])
            target = row + center
          case .leftEdges:
            let before = (left - half) & mask
            let first = unsafe map[unchecked: middle + center] + map[unchecked: middle + before]
            sum = unsafe first + (map[unchecked: row + left] + map[unchecked: bottom + left])
            target = middle + left
          }
          unsafe map[unchecked: target] =
            sum * 0.25 + wobble * (low + range * draws[unchecked: draw])
          draw += 1
        }
      }
    }
  }

  private func normalized(_ map: [Double], columns: Int, rows: Int) -> [Double] {
    var (low, high) = (map[0], map[0])
    for height in map {
      if height < low { low = height }
      if height > high { high = height }
    }
    // A level map, of draws that are all alike, has no range to spread.
    let range = high > low ? high - low : 1
    return [Double](capacity: columns * rows) { output in
      for row in 0..<rows {
        for index in row * side..<row * side + columns { output.append((map[index] - low) / range) }
      }
    }
  }
}
