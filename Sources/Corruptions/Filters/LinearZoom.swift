/// Magnification of the middle of a plane as `scipy.ndimage.zoom(order=1)` computes it: corner
/// samples stay corner samples, the others are interpolated linearly in doubles.
struct LinearZoom {
  /// 1 and more: of the plane, 1 / factor of each side is seen.
  let factor: Double

  /// The middle of `plane`, magnified to at least the plane's own size.
  ///
  /// - Parameter plane: `[height, width]`.
  func magnified(_ plane: [Double], width: Int, height: Int) -> (
    plane: [Double], width: Int, height: Int
  ) {
    let rows = Axis(length: height, factor: factor)
    let columns = Axis(length: width, factor: factor)
    var upper = [Double](repeating: 0, count: columns.seen)
    var lower = upper
    let result = [Double](capacity: rows.samples.count * columns.samples.count) { output in
      let plane = plane.span
      for row in rows.samples {
        // Each sample is weighted along the height first, as SciPy does.
        let first = (rows.offset + row.first) * width + columns.offset
        let second = (rows.offset + row.second) * width + columns.offset
        for x in 0..<columns.seen {
          upper[x] = plane[first + x] * row.weights.0
          lower[x] = plane[second + x] * row.weights.1
        }
        for column in columns.samples {
          let (before, after) = column.weights
          output.append(
            upper[column.first] * before + upper[column.second] * after
              + lower[column.first] * before + lower[column.second] * after)
        }
      }
    }
    return (result, columns.samples.count, rows.samples.count)
  }

  /// Where the samples of one axis come from.
  private struct Axis {
    struct Sample {
      let first, second: Int
      let weights: (Double, Double)
    }

    /// How many samples of the plane are seen, from `offset` on.
    let seen, offset: Int
    let samples: [Sample]

    init(length: Int, factor: Double) {
      let seen = Int((Double(length) / factor).rounded(.up))
      let count = Int((Double(seen) * factor).rounded(.toNearestOrEven))
      let step = count > 1 ? Double(seen - 1) / Double(count - 1) : 1
      self.seen = seen
      offset = (length - seen) / 2
      samples = (0..<count).map { index in
        let position = Double(index) * step
        // Rounding can step over the last sample; SciPy finds nothing there.
        guard position <= Double(seen - 1) else {
          return Sample(first: 0, second: 0, weights: (0, 0))
        }
        let first = Int(position)
        let before = 1 - (position - Double(first))
        return Sample(
          first: first, second: min(first + 1, seen - 1), weights: (before, 1 - before))
      }
    }
  }
}
