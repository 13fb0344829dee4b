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

  /// Filters `values`, `[height, width, channels]`, in place along height and then along width.
  ///
  /// - Parameter horizontal: the filter along width, if it is another one.
  func apply(
    to values: inout [Double], width: Int, height: Int, channels: Int = 1,
    horizontal: GaussianFilter? = nil
  ) {
    precondition(values.count == width * height * channels, "one value per sample")
    guard !values.isEmpty else { return }
    let horizontal = horizontal ?? self
    if radius > 0 {
      // Whole vectors are read.
      var scratch = [Double](repeating: 0, count: Int(CF_STRIP) * (height + 2 * radius) + 16)
      unsafe cf_blur_columns(
        &values, height, width * channels, sources(height), weights, radius, &scratch)
      if precision == .single { Self.roundToSingle(&values) }
    }
    if horizontal.radius > 0 {
      var scratch = [Double](repeating: 0, count: channels * (width + 2 * horizontal.radius) + 16)
      unsafe cf_blur_rows(
        &values, height, width, channels, horizontal.sources(width), horizontal.weights,
        horizontal.radius, &scratch)
      if precision == .single { Self.roundToSingle(&values) }
    }
  }

  /// Which sample stands at each place of an axis of `count` samples with its margins.
  private func sources(_ count: Int) -> [Int] {
    (-radius..<count + radius).map { index($0, of: count) }
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

  private static func roundToSingle(_ values: inout [Double]) {
    var samples = values.mutableSpan
    for index in samples.indices { samples[index] = Double(Float(samples[index])) }
  }

  /// NumPy's sum of any length: halves that are multiples of eight above 128.
  private static func sum(_ values: [Double]) -> Double {
    guard values.count > 128 else { return pairwiseSum(values) }
    let half = values.count / 2 & ~7
    return sum(Array(values[..<half])) + sum(Array(values[half...]))
  }
}
