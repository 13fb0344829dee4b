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

  /// What `MatMul` promises of an element, in scalar arithmetic.
  private static func chain(_ a: [Float], _ b: [Float], from start: Float, scale: Float) -> Float {
    var (result, k) = (start, 0)
    while k < a.count {
      let rest = a.count - k
      let depth = rest >= 768 ? 384 : rest <= 384 ? rest : (rest / 2 + 7) / 8 * 8
      var sum: Float = 0
      for index in k..<k + depth { sum.addProduct(a[index], b[index]) }
      result.addProduct(scale, sum)
      k += depth
    }
    return result
  }

  @Test(
    "Every instruction set gives the bits of a chain of fused multiply-adds",
    arguments: ProductInstructions.available,
    [(1, 1, 1), (8, 48, 16), (9, 50, 400), (17, 33, 385), (5, 64, 1000), (1030, 7, 3), (3, 400, 9)])
  func bits(instructions: ProductInstructions, size: (rows: Int, columns: Int, inner: Int)) {
    let (rows, columns, inner) = size
    let (a, b) = (normals(rows * inner, "a"), normals(columns * inner, "b"))
    for accumulates in [false, true] {
      let c = FloatBuffer(copying: normals(rows * columns, "c"))
      let before = c.values
      MatMul.multiply(
        .init(FloatBuffer(copying: a).readOnly, stride: inner),
        .init(FloatBuffer(copying: b).readOnly, stride: inner, transposed: true),
        rows: rows, columns: columns, inner: inner, into: c.view, stride: columns, scale: 0.7,
        accumulate: accumulates, by: instructions)
      let expected = (0..<rows * columns).map { place in
        let (row, column) = place.quotientAndRemainder(dividingBy: columns)
        return Self.chain(
          Array(a[row * inner..<(row + 1) * inner]),
          Array(b[column * inner..<(column + 1) * inner]),
          from: accumulates ? before[place] : 0, scale: 0.7)
      }
      #expect(c.values == expected)
    }
  }

  @Test("A processor has the portable instructions at least")
  func available() {
    #expect(ProductInstructions.available.last == .portable)
    #expect(ProductInstructions.fastest == ProductInstructions.available.first)
  }

  @Test("A product over nothing is zero, or leaves what is there")
  func empty() {
    let (a, c) = (FloatBuffer(count: 0), FloatBuffer(copying: [1, 2]))
    for (accumulates, expected) in [(true, [1, 2]), (false, [0, 0] as [Float])] {
      MatMul.multiply(
        .init(a.readOnly, stride: 0), .init(a.readOnly, stride: 2), rows: 1, columns: 2, inner: 0,
        into: c.view, stride: 2, accumulate: accumulates)
      #expect(c.values == expected)
    }
  }
}
