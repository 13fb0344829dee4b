internal import CFilters

/// The sum of an image's enlargements, as SciPy's `zoom` of order 1 makes them and NumPy adds them:
/// interpolated in double precision, rounded to single and summed in single.
struct ZoomStack {
  private let width: Int
  private let height: Int
  /// Four channels a pixel, the last one empty, so that a pixel fills a vector.
  private let image: [Float]
  private var sums: [Float]
  private var scratch: [Double]
  /// How many images are in the sum.
  private var count = 0

  /// - Parameter samples: RGB, `3 * width * height`.
  init(_ samples: [UInt8], width: Int, height: Int) {
    self.width = width
    self.height = height
    let levels = (0..<256).map { Float(Double($0) / 255) }
    image = [Float](capacity: 4 * width * height) { output in
      for index in stride(from: 0, to: samples.count, by: 3) {
        output.append(levels[Int(samples[index])])
        output.append(levels[Int(samples[index + 1])])
        output.append(levels[Int(samples[index + 2])])
        output.append(0)
      }
    }
    sums = [Float](repeating: 0, count: image.count)
    scratch = [Double](repeating: 0, count: 8 * (width + 1))
  }

  /// Adds the middle of the image, enlarged by `factor` to its size.
  ///
  /// - Parameter centered: cuts what is too much off on all sides, else at right and bottom.
  mutating func add(_ factor: Double, centered: Bool) {
    let rows = Axis(length: height, factor: factor, centered: centered)
    let columns = Axis(length: width, factor: factor, centered: centered)
    count += 1
    let (width, image) = (width, image)
    unsafe image.withUnsafeBufferPointer { source in
      unsafe sums.withUnsafeMutableBufferPointer { target in
        for (y, start) in rows.starts.enumerated() {
          let upper = rows.crop.lowerBound + Int(start)
          let lower = min(upper + 1, rows.crop.upperBound - 1)
          let left = 4 * columns.crop.lowerBound
          unsafe cf_add_enlarged_row(
            source.baseAddress! + 4 * upper * width + left,
            source.baseAddress! + 4 * lower * width + left, rows.weights[2 * y],
            rows.weights[2 * y + 1], columns.crop.count, columns.starts, columns.weights,
            columns.starts.count, &scratch, target.baseAddress! + 4 * y * width)
        }
      }
    }
  }

  /// The mean of the image and of what was added, as 8-bit RGB samples.
  func mean() -> [UInt8] {
    let divisor = Float(count + 1)
    return [UInt8](capacity: 3 * width * height) { output in
      for index in stride(from: 0, to: sums.count, by: 4) {
        for channel in index..<index + 3 {
          let mean = (image[channel] + sums[channel]) / divisor
          output.append(UInt8(min(max(mean, 0), 1) * 255))
        }
      }
    }
  }
}

extension ZoomStack {
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
