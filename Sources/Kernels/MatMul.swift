internal import CProducts

/// Matrix products, on one thread each: the callers share the work out over fixed pieces.
///
/// An element is a chain of fused multiply-adds in the order of the inner dimension, which is cut in
/// pieces of 384; what the pieces give is added up in their order. So neither the number of threads
/// nor of rows nor the processor changes a bit.
package enum MatMul {
  /// One operand: a row-major matrix whose rows lie `stride` floats apart, possibly transposed.
  package struct Operand: Sendable {
    package let view: FloatView
    package let stride: Int
    package let transposed: Bool

    package init(_ view: FloatView, stride: Int, transposed: Bool = false) {
      self.view = view
      self.stride = stride
      self.transposed = transposed
    }

    fileprivate var matrix: cp_matrix {
      unsafe cp_matrix(start: view.start, stride: stride, is_transposed: transposed)
    }

    fileprivate func check(_ rows: Int, _ columns: Int) {
      let (stored, length) = transposed ? (columns, rows) : (rows, columns)
      precondition(
        stride >= length && (stored == 0 || view.count >= (stored - 1) * stride + length),
        "an operand covers its matrix")
    }
  }

  /// `c = scale * a b`, or `c += scale * a b`, for `a` of `[rows, inner]` and `b` of
  /// `[inner, columns]`; the rows of `c` lie `stride` floats apart.
  ///
  /// - Parameter instructions: those of this processor that are asked for; all give the same.
  package static func multiply(
    _ a: Operand, _ b: Operand, rows: Int, columns: Int, inner: Int,
    into c: MutableFloatView, stride: Int, scale: Float = 1, accumulate: Bool = false,
    by instructions: ProductInstructions = .fastest
  ) {
    a.check(rows, inner)
    b.check(inner, columns)
    precondition(
      stride >= columns && (rows == 0 || c.count >= (rows - 1) * stride + columns),
      "the product has room")
    guard rows > 0 && columns > 0 else { return }
    let isDone = unsafe cp_multiply(
      instructions.code, a.matrix, b.matrix, rows, columns, inner, scale, accumulate, c.start,
      stride)
    precondition(isDone, "the processor has the instructions, and a thread 2 MB of scratch")
  }

  /// `y = x w^T`, or `y += x w^T`: the linear layer with weights `w` of `[outputs, inputs]` for
  /// `rows` rows of `x`, which lie `stride` floats apart (`inputs` unless given).
  package static func linear(
    _ x: FloatView, _ weights: FloatView, rows: Int, inputs: Int, outputs: Int,
    into y: MutableFloatView, stride: Int? = nil, accumulate: Bool = false
  ) {
    multiply(
      Operand(x, stride: stride ?? inputs), Operand(weights, stride: inputs, transposed: true),
      rows: rows, columns: outputs, inner: inputs, into: y, stride: outputs, accumulate: accumulate)
  }

  /// `dx = dy w`, or `dx += dy w`: the gradient of a linear layer's input, whose rows lie `stride`
  /// floats apart (`inputs` unless given).
  package static func linearInputGradient(
    _ dy: FloatView, _ weights: FloatView, rows: Int, inputs: Int, outputs: Int,
    into dx: MutableFloatView, stride: Int? = nil, accumulate: Bool = false
  ) {
    multiply(
      Operand(dy, stride: outputs), Operand(weights, stride: inputs), rows: rows, columns: inputs,
      inner: outputs, into: dx, stride: stride ?? inputs, accumulate: accumulate)
  }

  /// `dw += dy^T x` for the tile of `tileRows` and `tileColumns`: a part of the gradient of a linear
  /// layer's weights `[outputs, inputs]`; the rows of `x` lie `stride` floats apart (`inputs`
  /// unless given).
  package static func linearWeightGradient(
    _ dy: FloatView, _ x: FloatView, rows: Int, inputs: Int, outputs: Int,
    tileRows: Range<Int>, tileColumns: Range<Int>, into dw: MutableFloatView, stride: Int? = nil
  ) {
    let start = tileRows.lowerBound * inputs + tileColumns.lowerBound
    multiply(
      Operand(dy[tileRows.lowerBound..<dy.count], stride: outputs, transposed: true),
      Operand(x[tileColumns.lowerBound..<x.count], stride: stride ?? inputs),
      rows: tileRows.count, columns: tileColumns.count, inner: rows,
      into: dw[start..<dw.count], stride: inputs, accumulate: true)
  }
}
