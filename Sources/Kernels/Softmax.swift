internal import CKernels

/// The softmax of scaled rows, in place.
package enum Softmax {
  /// `x = softmax(scale * x)` for every row of `width` values; `scale` is positive.
  package static func forward(_ x: MutableFloatView, scale: Float, rows: Int, width: Int) {
    precondition(x.count == rows * width && width > 0 && scale > 0, "rows of width")
    unsafe ck_softmax(x.start, scale, rows, width)
  }

  /// From the gradient of the probabilities `p` to that of `x`, in place of `dp`.
  package static func backward(
    _ p: FloatView, _ dp: MutableFloatView, scale: Float, rows: Int, width: Int
  ) {
    precondition(p.count == rows * width && dp.count == p.count, "rows of width")
    unsafe ck_softmax_gradient(p.start, dp.start, scale, rows, width)
  }
}
