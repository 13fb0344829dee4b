internal import CKernels

/// The activation of a transformer's MLP.
package enum ActivationFunction: Sendable, CaseIterable {
  /// `x sigmoid(1.702 x)`, of OpenAI's CLIP weights.
  case quickGELU
  /// `x Phi(x)`, with the error function.
  case gelu

  /// `hidden += bias` row by row, and `y = activation(hidden)`.
  package func forward(
    _ hidden: MutableFloatView, bias: FloatView, rows: Int, into y: MutableFloatView
  ) {
    precondition(hidden.count == rows * bias.count && y.count == hidden.count, "rows of width")
    switch self {
    case .quickGELU:
      unsafe ck_bias_quick_gelu(hidden.start, bias.start, rows, bias.count, y.start)
    case .gelu: unsafe ck_bias_gelu(hidden.start, bias.start, rows, bias.count, y.start)
    }
  }

  /// `gradient *= activation'(hidden)` and `hidden = activation(hidden)`, both in place.
  package func backward(_ hidden: MutableFloatView, gradient: MutableFloatView) {
    precondition(hidden.count == gradient.count, "one gradient each")
    switch self {
    case .quickGELU: unsafe ck_quick_gelu_gradient(hidden.start, gradient.start, hidden.count)
    case .gelu: unsafe ck_gelu_gradient(hidden.start, gradient.start, hidden.count)
    }
  }
}

/// Sums over rows and columns that linear layers need.
package enum RowOperations {
  /// `x += bias`, row by row.
  package static func addBias(_ x: MutableFloatView, _ bias: FloatView, rows: Int) {
    precondition(x.count == rows * bias.count, "rows of width")
    unsafe ck_add_bias(x.start, bias.start, rows, bias.count)
  }

  /// `sums[j] += x[0, j] + x[1, j] + ...`; the rows lie `stride` floats apart (their length unless
  /// given).
  package static func addColumnSums(
    _ x: FloatView, rows: Int, stride: Int? = nil, into sums: MutableFloatView
  ) {
    let stride = stride ?? sums.count
    precondition(rows == 0 || x.count >= (rows - 1) * stride + sums.count, "rows of width")
    unsafe ck_column_sums(x.start, rows, sums.count, stride, sums.start)
  }

  /// `y += x`.
  package static func add(_ x: FloatView, to y: MutableFloatView) {
    precondition(x.count == y.count, "one each")
    unsafe ck_add(x.start, x.count, y.start)
  }

  /// `y[i] = x[i * stride]` for rows of `width` floats: the class tokens out of all tokens.
  package static func gather(
    _ x: FloatView, rows: Int, width: Int, stride: Int, into y: MutableFloatView
  ) {
    for row in 0..<rows {
      y.rows(row..<row + 1, of: width).copy(x[row * stride..<row * stride + width])
    }
  }

  /// `y[i * stride] = x[i]` for rows of `width` floats.
  package static func scatter(
    _ x: FloatView, rows: Int, width: Int, stride: Int, into y: MutableFloatView
  ) {
    for row in 0..<rows {
      y[row * stride..<row * stride + width].copy(x[row * width..<(row + 1) * width])
    }
  }
}
