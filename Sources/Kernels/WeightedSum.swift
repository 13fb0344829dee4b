internal import CKernels

/// Merging as arithmetic on runs of parameters: `theta = base + sum_k lambda_k tau_k`, and its
/// gradient `dloss/dlambda_k = <dloss/dtheta, tau_k>`.
package enum WeightedSum {
  /// `sum += weight * vector`.
  package static func add(
    _ vector: FloatView, times weight: Float, to sum: MutableFloatView
  ) {
    precondition(vector.count == sum.count, "one each")
    unsafe ck_add_scaled(vector.start, weight, vector.count, sum.start)
  }

  /// The inner product, summed in double precision.
  package static func innerProduct(_ x: FloatView, _ y: FloatView) -> Double {
    precondition(x.count == y.count, "one each")
    return unsafe ck_inner_product(x.start, y.start, x.count)
  }

  /// `y = x - base`: a task vector of an expert's parameters; `y` may be `x`.
  package static func difference(
    of x: FloatView, from base: FloatView, into y: MutableFloatView
  ) {
    precondition(x.count == base.count && y.count == x.count, "one each")
    unsafe ck_subtract(x.start, base.start, x.count, y.start)
  }

  /// `sum += x` for the entries whose magnitude has at least the bits `threshold`.
  package static func addTrimmed(
    _ x: FloatView, threshold: UInt32, to sum: MutableFloatView
  ) {
    precondition(x.count == sum.count, "one each")
    unsafe ck_add_trimmed(x.start, threshold, x.count, sum.start)
  }

  /// `sum += weight * x^2`.
  package static func addSquares(
    of x: FloatView, times weight: Float, to sum: MutableFloatView
  ) {
    precondition(x.count == sum.count, "one each")
    unsafe ck_add_squares(x.start, weight, x.count, sum.start)
  }

  /// With `w = scale * max(weights, floor)`: `sum += w * x` and `total += w`.
  package static func add(
    _ x: FloatView, weights: FloatView, floor: Float, scale: Float, to sum: MutableFloatView,
    total: MutableFloatView
  ) {
    precondition(
      x.count == weights.count && x.count == sum.count && x.count == total.count, "one each")
    unsafe ck_add_weighted(
      x.start, weights.start, floor, scale, x.count, sum.start, total.start)
  }

  /// `sum += x / total`.
  package static func add(_ x: FloatView, dividedBy total: FloatView, to sum: MutableFloatView) {
    precondition(x.count == total.count && x.count == sum.count, "one each")
    for index in 0..<x.count {
      unsafe sum.start[index] += unsafe x.start[index] / total.start[index]
    }
  }

  /// Zeroes the entries whose word is below `threshold` and divides the others by `share`; `y` may
  /// be `x`.
  package static func drop(
    of x: FloatView, words: Span<UInt32>, threshold: UInt32, share: Float,
    into y: MutableFloatView
  ) {
    precondition(x.count == words.count && y.count == x.count, "one each")
    unsafe words.withUnsafeBufferPointer { words in
      guard let start = words.baseAddress else { return }
      unsafe ck_drop(x.start, start, threshold, share, x.count, y.start)
    }
  }

  /// Keeps the entries that TIES keeps and zeroes the others; `y` may be `x`.
  ///
  /// - Parameters:
  ///   - positives: whether the elected sign is positive, 1 or 0 each.
  ///   - threshold: the bits of the least magnitude that is kept.
  package static func agreement(
    of x: FloatView, positives: Span<UInt8>, threshold: UInt32, into y: MutableFloatView
  ) {
    precondition(x.count == positives.count && y.count == x.count, "one each")
    unsafe positives.withUnsafeBufferPointer { positives in
      guard let start = positives.baseAddress else { return }
      unsafe ck_agree(x.start, start, threshold, x.count, y.start)
    }
  }
}
