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
  ///
  /// - Parameter horizontal: the filter along width, if it is another one.
  func apply(
    to values: inout [Double], width: Int, height: Int, channels: Int = 1,
    horizontal: GaussianFilter? = nil
  ) {
    precondition(values.count == width * height * channels, "one value per sample")
    let horizontal = horizontal ?? self
    guard radius > 0 || horizontal.radius > 0, !values.isEmpty else { return }
    let rowLength = width * channels
    var down = [Double](repeating: 0, count: values.count)
    unsafe values.withUnsafeBufferPointer { source in
      unsafe down.withUnsafeMutableBufferPointer { target in
        for row in 0..<height {
          unsafe sum(into: target.baseAddress! + row * rowLength, count: rowLength) { offset in
            unsafe source.baseAddress! + index(row + offset, of: height) * rowLength
          }
        }
      }
    }
    if precision == .single { Self.roundToSingle(&down) }
    let margin = horizontal.radius
    var padded = [Double](repeating: 0, count: rowLength + 2 * margin * channels)
    unsafe values.withUnsafeMutableBufferPointer { target in
      for row in 0..<height {
        horizontal.pad(down, row: row, width: width, channels: channels, into: &padded)
        unsafe padded.withUnsafeBufferPointer { source in
          unsafe horizontal.sum(into: target.baseAddress! + row * rowLength, count: rowLength) {
            offset in
            unsafe source.baseAddress! + (margin + offset) * channels
          }
        }
      }
    }
    if precision == .single { Self.roundToSingle(&values) }
  }

  /// Writes `count` sums: `w[0] c + (a[-r] + a[r]) w[r] + ... + (a[-1] + a[1]) w[1]`.
  ///
  /// - Parameter samples: where the samples stand that lie so many taps from the centres.
  private func sum(
    into target: UnsafeMutablePointer<Double>, count: Int,
    _ samples: (_ offset: Int) -> UnsafePointer<Double>
  ) {
    // From the farthest pair to the nearest.
    let offsets = (1..<radius + 1).reversed()
    let before = unsafe offsets.map { unsafe Optional(samples(-$0)) }
    let after = unsafe offsets.map { unsafe Optional(samples($0)) }
    let ordered = [weights[0]] + weights[1...].reversed()
    unsafe cf_symmetric(samples(0), before, after, ordered, radius, count, target)
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

  private func pad(
    _ values: [Double], row: Int, width: Int, channels: Int, into padded: inout [Double]
  ) {
    let start = row * width * channels
    for sample in 0..<width * channels {
      padded[radius * channels + sample] = values[start + sample]
    }
    for margin in 1..<radius + 1 {
      let left = index(-margin, of: width)
      let right = index(width - 1 + margin, of: width)
      for channel in 0..<channels {
        padded[(radius - margin) * channels + channel] = values[start + left * channels + channel]
        padded[(radius + width - 1 + margin) * channels + channel] =
          values[start + right * channels + channel]
      }
    }
  }

  private static func roundToSingle(_ values: inout [Double]) {
    for index in values.indices { values[index] = Double(Float(values[index])) }
  }

  /// NumPy's sum of any length: halves that are multiples of eight above 128.
  private static func sum(_ values: [Double]) -> Double {
    guard values.count > 128 else { return pairwiseSum(values) }
    let half = values.count / 2 & ~7
    return sum(Array(values[..<half])) + sum(Array(values[half...]))
  }
}
