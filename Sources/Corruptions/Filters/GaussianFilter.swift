internal import CFilters
internal import Foundation

/// A separable Gaussian as `scipy.ndimage.gaussian_filter` computes it, and scikit-image's
/// `gaussian` with it: rows' axis first, symmetric taps from far to near, everything in double.
struct GaussianFilter: Sendable {
  /// What stands beyond the edges.
  enum Border: Sendable {
    /// The edge's sample (SciPy `nearest`).
    case nearest
    /// The samples mirrored, the edge's one repeated (SciPy `reflect`).
    case reflect
  }

  /// The type of the array that SciPy was given, in which it keeps the result of each axis.
  enum Precision: Sendable { case double, single }

  /// From the centre outwards.
  let weights: [Double]
  let border: Border
  let precision: Precision

  /// - Parameters:
  ///   - sigma: in samples.
  ///   - truncation: the radius in multiples of sigma.
  init(
    sigma: Double, truncation: Double = 4, border: Border = .nearest,
    precision: Precision = .double
  ) {
    let radius = Int(truncation * sigma + 0.5)
    let factor = -0.5 / (sigma * sigma)
    let taps = (-radius...radius).map { exp(factor * Double($0 * $0)) }
    let sum = Self.sum(taps)
    weights = taps[radius...].map { $0 / sum }
    self.border = border
    self.precision = precision
  }

  var radius: Int { weights.count - 1 }

  /// Filters `values`, `[height, width, channels]`, along height and then along width.
  func apply(to values: inout [Double], width: Int, height: Int, channels: Int = 1) {
    precondition(values.count == width * height * channels, "one value per sample")
    guard radius > 0, !values.isEmpty else { return }
    let rowLength = width * channels
    // Rows are replaced from the top; the ones that are still needed are kept here.
    let keptRows = min(radius, height)
    var kept = [Double](repeating: 0, count: keptRows * rowLength)
    var padded = [Double](repeating: 0, count: rowLength + 2 * radius * channels)
    let margin = radius * channels
    let ordered = [weights[0]] + weights[1...].reversed()
    unsafe values.withUnsafeMutableBufferPointer { image in
      unsafe kept.withUnsafeMutableBufferPointer { kept in
        unsafe padded.withUnsafeMutableBufferPointer { padded in
          let middle = unsafe padded.baseAddress! + margin
          let columns = unsafe TapPointers(radius: radius) { offset in
            unsafe UnsafePointer(middle + offset * channels)
          }
          var rows = unsafe columns
          for y in 0..<height {
            let row = unsafe image.baseAddress! + y * rowLength
            unsafe rows.set { offset in
              let source = index(y + offset, of: height)
              return unsafe source < y
                ? UnsafePointer(kept.baseAddress! + source % keptRows * rowLength)
                : UnsafePointer(image.baseAddress! + source * rowLength)
            }
            unsafe rows.sum(ordered, into: middle, count: rowLength)
            unsafe (kept.baseAddress! + y % keptRows * rowLength).update(
              from: row, count: rowLength)
            unsafe finish(middle, count: rowLength)
            unsafe pad(&padded, width: width, channels: channels)
            unsafe columns.sum(ordered, into: row, count: rowLength)
            unsafe finish(row, count: rowLength)
          }
        }
      }
    }
  }

  /// The index inside `0..<count` whose sample stands for the one at `position`.
  private func index(_ position: Int, of count: Int) -> Int {
    switch border {
    case .nearest: return min(max(position, 0), count - 1)
    case .reflect:
      let period = 2 * count
      let folded = ((position % period) + period) % period
      return folded < count ? folded : period - 1 - folded
    }
  }

  /// Fills the margins beside the row that stands in the middle of `padded`.
  private func pad(
    _ padded: inout UnsafeMutableBufferPointer<Double>, width: Int, channels: Int
  ) {
    for margin in 1...radius {
      let left = index(-margin, of: width)
      let right = index(width - 1 + margin, of: width)
      for channel in 0..<channels {
        unsafe padded[(radius - margin) * channels + channel] =
          unsafe padded[(radius + left) * channels + channel]
        unsafe padded[(radius + width - 1 + margin) * channels + channel] =
          unsafe padded[(radius + right) * channels + channel]
      }
    }
  }

  /// Rounds the results of one axis as the array's type would.
  private func finish(_ row: UnsafeMutablePointer<Double>, count: Int) {
    guard precision == .single else { return }
    for index in 0..<count { unsafe row[index] = unsafe Double(Float(row[index])) }
  }

  /// NumPy's sum of any length: halves that are multiples of eight above 128.
  private static func sum(_ values: [Double]) -> Double {
    guard values.count > 128 else { return pairwiseSum(values) }
    let half = values.count / 2 & ~7
    return sum(Array(values[..<half])) + sum(Array(values[half...]))
  }
}

/// Where the samples stand that one run of filtered samples is summed from.
@unsafe
private struct TapPointers {
  private var center: UnsafePointer<Double>
  /// From the farthest pair to the nearest.
  private var before: [UnsafePointer<Double>?]
  private var after: [UnsafePointer<Double>?]

  init(radius: Int, _ samples: (_ offset: Int) -> UnsafePointer<Double>) {
    unsafe center = samples(0)
    unsafe before = (1...radius).reversed().map { unsafe samples(-$0) }
    unsafe after = (1...radius).reversed().map { unsafe samples($0) }
  }

  mutating func set(_ samples: (_ offset: Int) -> UnsafePointer<Double>) {
    unsafe center = samples(0)
    let radius = unsafe before.count
    for index in 0..<radius {
      unsafe before[index] = samples(index - radius)
      unsafe after[index] = samples(radius - index)
    }
  }

  /// Writes `count` sums: `w[0] c + (a[-r] + a[r]) w[r] + ... + (a[-1] + a[1]) w[1]`.
  ///
  /// - Parameter weights: of the centre, then from the farthest pair to the nearest.
  func sum(_ weights: [Double], into target: UnsafeMutablePointer<Double>, count: Int) {
    unsafe cf_symmetric(center, before, after, weights, before.count, count, target)
  }
}
