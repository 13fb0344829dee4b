import Kernels
import Testing

@Suite("Matrix products")
struct MatMulTests {
  /// Element `[row, column]` of a product of row-major matrices, `a` transposed or not.
  private static func product(
    _ a: [Float], _ b: [Float], _ rows: Int, _ columns: Int, _ inner: Int,
    aIndex: (Int, Int) -> Int, bIndex: (Int, Int) -> Int
  ) -> [Double] {
    (0..<rows * columns).map { index in
      let (row, column) = (index / columns, index % columns)
      return (0..<inner).reduce(0.0) {
        $0 + Double(a[aIndex(row, $1)]) * Double(b[bIndex($1, column)])
      }
    }
  }

  @Test("Every transposition, stride and accumulation", arguments: [1, 2, 7, 8, 16, 33, 65])
  func multiply(size: Int) {
    let (rows, columns, inner) = (size, size / 2 + 3, size + 5)
    for (transposedA, transposedB) in [(false, false), (true, false), (false, true), (true, true)] {
      let strideA = (transposedA ? rows : inner) + 2
      let strideB = (transposedB ? inner : columns) + 1
      let a = normals(strideA * (transposedA ? inner : rows), "a")
      let b = normals(strideB * (transposedB ? columns : inner), "b")
      let c = FloatBuffer(zeros: rows * (columns + 4))
      c.view.fill(2)
      MatMul.multiply(
        .init(FloatBuffer(copying: a).readOnly, stride: strideA, transposed: transposedA),
        .init(FloatBuffer(copying: b).readOnly, stride: strideB, transposed: transposedB),
        rows: rows, columns: columns, inner: inner, into: c.view, stride: columns + 4, scale: 0.5,
        accumulate: true)
      func aIndex(_ row: Int, _ column: Int) -> Int {
        transposedA ? column * strideA + row : row * strideA + column
      }
      func bIndex(_ row: Int, _ column: Int) -> Int {
        transposedB ? column * strideB + row : row * strideB + column
      }
      let expected = Self.product(a, b, rows, columns, inner, aIndex: aIndex, bIndex: bIndex)
      let (strideC, values) = (columns + 4, c.values)
      let got: [Float] = (0..<rows).flatMap { row in
        values[row * strideC..<row * strideC + columns]
      }
      #expect(relativeError(got, expected.map { 2 + 0.5 * $0 }) < 1e-5)
      let outside: [Float] = (0..<rows).flatMap { row in
        values[row * strideC + columns..<(row + 1) * strideC]
      }
      #expect(outside.allSatisfy { $0 == 2 })
    }
  }

  @Test("A linear layer and its gradients", arguments: [1, 5, 32])
  func linear(rows: Int) {
    let (inputs, outputs) = (7, 11)
    let (x, w) = (normals(rows * inputs, "x"), normals(outputs * inputs, "w"))
    let dy = normals(rows * outputs, "dy")
    let (xBuffer, wBuffer) = (FloatBuffer(copying: x), FloatBuffer(copying: w))
    let dyBuffer = FloatBuffer(copying: dy)

    let y = FloatBuffer.stale(rows * outputs)
    MatMul.linear(
      xBuffer.readOnly, wBuffer.readOnly, rows: rows, inputs: inputs, outputs: outputs,
      into: y.view)
    let expected = Self.product(
      x, w, rows, outputs, inputs, aIndex: { $0 * inputs + $1 }, bIndex: { $1 * inputs + $0 })
    #expect(relativeError(y.values, expected) < 1e-5)

    let dx = FloatBuffer.stale(rows * inputs)
    MatMul.linearInputGradient(
      dyBuffer.readOnly, wBuffer.readOnly, rows: rows, inputs: inputs, outputs: outputs,
      into: dx.view)
    let expectedInput = Self.product(
      dy, w, rows, inputs, outputs, aIndex: { $0 * outputs + $1 }, bIndex: { $0 * inputs + $1 })
    #expect(relativeError(dx.values, expectedInput) < 1e-5)

    let dw = FloatBuffer(zeros: outputs * inputs)
    for tileRows in [0..<4, 4..<11] {
      for tileColumns in [0..<5, 5..<7] {
        MatMul.linearWeightGradient(
          dyBuffer.readOnly, xBuffer.readOnly, rows: rows, inputs: inputs, outputs: outputs,
          tileRows: tileRows, tileColumns: tileColumns, into: dw.view)
      }
    }
    let expectedWeights = Self.product(
      dy, x, outputs, inputs, rows, aIndex: { $1 * outputs + $0 }, bIndex: { $0 * inputs + $1 })
    #expect(relativeError(dw.values, expectedWeights) < 1e-5)
  }

  @Test("The library that multiplies is known by name")
  func library() {
    #expect(BLASLibrary.description.hasPrefix("OpenBLAS "))
  }
}
