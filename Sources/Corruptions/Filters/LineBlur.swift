internal import CFilters

/// A weighted sum of shifted copies of an image; pixels beyond the edge repeat it.
struct LineBlur {
  struct Tap {
    /// Where the sample stands, seen from the pixel that it adds to.
    let dx, dy: Int
    let weight: Double
  }

  private let taps: [Tap]
  private let weights: [Double]
  private let width: Int
  private let height: Int
  /// How far the taps reach to the left and to the right.
  private let left, right: Int

  init(_ taps: [Tap], width: Int, height: Int) {
    self.taps = taps
    self.width = width
    self.height = height
    weights = taps.map(\.weight)
    left = max(0, -(taps.map(\.dx).min() ?? 0))
    right = max(0, taps.map(\.dx).max() ?? 0)
  }

  /// Replaces 8-bit RGB samples by the bytes of their sums (on the scale 0...255), the taps added in
  /// their order.
  ///
  /// - Parameter engine: whose rounding.
  func apply(to samples: inout [UInt8], engine: MotionTrail.Engine) {
    guard !samples.isEmpty else { return }
    let length = 3 * width
    let padded = unsafe samples.withUnsafeBufferPointer { source in
      unsafe padding(channels: 3) { y, row in
        unsafe cf_widen(source.baseAddress! + y * length, length, row)
      }
    }
    unsafe samples.withUnsafeMutableBufferPointer { target in
      forEachRow(of: padded, channels: 3, columns: width, rows: height) { y, sums in
        let row = unsafe target.baseAddress! + y * length
        switch engine {
        case .imagecorruptions: unsafe cf_truncate(sums, length, row)
        case .imagemagick: unsafe cf_truncate_quanta(sums, length, row)
        }
      }
    }
  }

  /// The sums over a single plane of doubles, of its upper left `columns` x `rows` pixels.
  ///
  /// - Parameter plane: `[height, width]`; pixels beyond its edges repeat them.
  func sums(of plane: [Double], columns: Int, rows: Int) -> [Double] {
    precondition(plane.count == width * height && columns <= width && rows <= height)
    guard !plane.isEmpty else { return [] }
    let padded = unsafe plane.withUnsafeBufferPointer { source in
      unsafe padding(channels: 1) { y, row in
        unsafe row.update(from: source.baseAddress! + y * width, count: width)
      }
    }
    return [Double](capacity: columns * rows) { output in
      forEachRow(of: padded, channels: 1, columns: columns, rows: rows) { _, sums in
        for value in sums { output.append(value) }
      }
    }
  }

  /// Calls `body` with each row's sums.
  @inline(__always)
  private func forEachRow(
    of padded: [Double], channels: Int, columns: Int, rows: Int, _ body: (Int, [Double]) -> Void
  ) {
    let stride = channels * (left + width + right)
    var starts = [Int](repeating: 0, count: taps.count)
    var sums = [Double](repeating: 0, count: channels * columns)
    for y in 0..<rows {
      for (index, tap) in taps.enumerated() {
        let row = min(max(y + tap.dy, 0), height - 1)
        starts[index] = row * stride + channels * (left + tap.dx)
      }
      unsafe cf_line_row(padded, starts, weights, taps.count, sums.count, &sums)
      body(y, sums)
    }
  }

  /// The rows with as many pixels beside them as the taps reach, and room for a vector at the end.
  ///
  /// - Parameter fill: writes a row's own samples.
  @inline(__always)
  private func padding(
    channels: Int, fill: (_ y: Int, _ row: UnsafeMutablePointer<Double>) -> Void
  ) -> [Double] {
    let stride = channels * (left + width + right)
    let (first, end) = (channels * left, channels * (left + width))
    var padded = [Double](repeating: 0, count: stride * height + 16)
    unsafe padded.withUnsafeMutableBufferPointer { padded in
      for y in 0..<height {
        let row = unsafe padded.baseAddress! + y * stride
        unsafe fill(y, row + first)
        for place in 0..<first { unsafe row[place] = unsafe row[first + place % channels] }
        for place in end..<stride {
          unsafe row[place] = unsafe row[end - channels + (place - end) % channels]
        }
      }
    }
    return padded
  }
}
