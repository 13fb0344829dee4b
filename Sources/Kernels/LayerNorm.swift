internal import CKernels

/// Layer normalization of rows: `y = (x - mean) / sqrt(variance + epsilon) * gamma + beta`
/// (Ba et al. 2016), the variance over `width` values, biased.
package enum LayerNorm {
  /// - Parameters:
  ///   - y: the outcome, `[rows, width]`.
  ///   - normalized: gets the rows before `gamma` and `beta`, for the gradient.
  ///   - scales: gets the inverse deviations `[rows]`, for the gradient.
  package static func forward(
    _ x: FloatView, gamma: FloatView, beta: FloatView, epsilon: Float, rows: Int, width: Int,
    into y: MutableFloatView, normalized: MutableFloatView, scales: MutableFloatView
  ) {
    let count = rows * width
    precondition(x.count == count && y.count == count && normalized.count == count, "rows of width")
    precondition(scales.count == rows && gamma.count == width && beta.count == width, "one each")
    unsafe ck_layer_norm(
      x.start, gamma.start, beta.start, epsilon, rows, width, y.start, normalized.start,
      scales.start)
  }

  /// From `normalized` to `y` of the forward pass, in place.
  package static func affine(
    _ normalized: MutableFloatView, gamma: FloatView, beta: FloatView, rows: Int, width: Int
  ) {
    precondition(normalized.count == rows * width, "rows of width")
    precondition(gamma.count == width && beta.count == width, "one each")
    unsafe ck_layer_norm_affine(normalized.start, gamma.start, beta.start, rows, width)
  }

  /// Adds the gradients to `dx`, `dgamma` and `dbeta`.
  package static func backward(
    _ dy: FloatView, normalized: FloatView, scales: FloatView, gamma: FloatView, rows: Int,
    width: Int, into dx: MutableFloatView, dgamma: MutableFloatView, dbeta: MutableFloatView
  ) {
    let count = rows * width
    precondition(dy.count == count && dx.count == count && normalized.count == count, "rows")
    precondition(scales.count == rows && gamma.count == width, "one each")
    precondition(dgamma.count == width && dbeta.count == width, "one each")
    unsafe ck_layer_norm_gradient(
      dy.start, normalized.start, scales.start, gamma.start, rows, width, dx.start, dgamma.start,
      dbeta.start)
  }
}
