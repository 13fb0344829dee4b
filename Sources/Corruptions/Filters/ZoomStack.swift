internal import CFilters

/// The mean of an image and of enlargements of its middle, as SciPy's `zoom` of order 1 makes them
/// and NumPy adds them: interpolated in double precision, rounded to single and summed in single.
struct ZoomStack {
  private let width: Int
  private let height: Int
  private let layers: [Layer]

  /// - Parameters:
  ///   - factors: how much each layer is enlarged, at least 1.
  ///   - centered: cuts what is too much off on all sides, else at right and bottom.
  init(width: Int, height: Int, factors: [Double], centered: Bool) {
    self.width = width
    self.height = height
    layers = factors.map { factor in
      Layer(
        rows: Axis(length: height, factor: factor, centered: centered),
        columns: Axis(length: width, factor: factor, centered: centered))
    }
  }

  /// Replaces 8-bit RGB samples, `3 * width * height`, by their mean with all layers.
  func average(_ samples: inout [UInt8]) {
    let image = Self.singles(samples)
    var sums = [Float](repeating: 0, count: 4 * width)
    var scratch = [Double](repeating: 0, count: 8 * (width + 1))
    unsafe image.withUnsafeBufferPointer { source in
      unsafe samples.withUnsafeMutableBufferPointer { output in
        // Row by row through all layers, so that the sums stay in the cache.
        for y in 0..<height {
          for index in sums.indices { sums[index] = 0 }
          for layer in layers {
            unsafe layer.add(y, of: source, width: width, to: &sums, scratch: &scratch)
          }
          unsafe cf_mean_row(
            source.baseAddress! + 4 * y * width, sums, Float(layers.count + 1), width,
            output.baseAddress! + 3 * y * width)
        }
      }
    }
  }

  /// Samples of 0...1 with four channels a pixel, the last one empty, so that a pixel fills a
  /// vector.
  private static func singles(_ samples: [UInt8]) -> [Float] {
    let levels = (0..<256).map { Float(Double($0) / 255) }
    let table = levels.span
    let source = samples.span
    return [Float](capacity: source.count / 3 * 4) { output in
      for index in stride(from: 0, to: source.count, by: 3) {
        output.append(table[Int(source[index])])
        output.append(table[Int(source[index + 1])])
        output.append(table[Int(source[index + 2])])
        output.append(0)
      }
    }
  }
}

extension ZoomStack {
  /// One enlargement.
  private struct Layer {
    let rows: Axis
    let columns: Axis

    /// Adds its row `y` to `sums`.
    func add(
      _ y: Int, of image: UnsafeBufferPointer<Float>, width: Int, to sums: inout [Float],
      scratch: inout [Double]
    ) {
      guard y < rows.starts.count else { return }
      let upper = rows.crop.lowerBound + Int(rows.starts[y])
      let lower = min(upper + 1, rows.crop.upperBound - 1)
      let corner = unsafe image.baseAddress! + 4 * columns.crop.lowerBound
      unsafe cf_add_enlarged_row(
        corner + 4 * upper * width, corner + 4 * lower * width, rows.weights[2 * y],
        rows.weights[2 * y + 1], columns.crop.count, columns.starts, columns.weights,
        columns.starts.count, &scratch, &sums)
    }
  }

  /// Where the samples of one axis of an enlargement come from.
  private struct Axis {
    /// What is enlarged.
    let crop: Range<Int>
    /// For each sample of the result the first of two neighbours, counted from the crop's start.
    let starts: [Int32]
    /// The weights of the two, for each sample of the result.
    let weights: [Double]

    init(length: Int, factor: Double, centered: Bool) {
      let size = Int((Double(length) / factor).rounded(.up))
      let first = (length - size) / 2
      crop = first..<first + size
      let enlarged = Int((Double(size) * factor).rounded(.toNearestOrEven))
      let ratio = enlarged > 1 ? Double(size - 1) / Double(enlarged - 1) : 1
      let surplus = centered ? max(0, enlarged - length) / 2 : 0
      var starts: [Int32] = []
      var weights: [Double] = []
      for index in 0..<min(length, enlarged) {
        let place = Double(index + surplus) * ratio
        let below = place.rounded(.down)
        // A place that rounding has pushed over the edge counts as outside, which is black.
        let isOutside = place > Double(size - 1)
        starts.append(Int32(min(Int(below), size - 1)))
        weights.append(isOutside ? 0 : 1 - (place - below))
        weights.append(isOutside ? 0 : place - below)
      }
      self.starts = starts
      self.weights = weights
    }
  }
}
