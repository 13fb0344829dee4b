import Kernels
import Testing

@Suite("Layer norm")
struct LayerNormTests {
  private struct Case {
    let rows = 3
    let width: Int
    let x, gamma, beta, dy: [Float]

    init(_ width: Int) {
      self.width = width
      // Far from zero, where a variance by squares would lose its digits.
      x = normals(3 * width, "x").map { $0 + 40 }
      gamma = normals(width, "gamma")
      beta = normals(width, "beta")
      dy = normals(3 * width, "dy")
    }

    func unit(_ row: Int) -> (values: [Double], scale: Double) {
      let values = x[row * width..<(row + 1) * width].map { Double($0) }
      let mean = values.reduce(0, +) / Double(width)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
      let scale = 1 / (variance + 1e-5).squareRoot()
      return (values.map { ($0 - mean) * scale }, scale)
    }
  }

  @Test("Forward and affine equal the formula", arguments: raggedLengths)
  func forward(width: Int) {
    let given = Case(width)
    let (y, normalized, scales) = (
      FloatBuffer.stale(3 * width), FloatBuffer.stale(3 * width), FloatBuffer.stale(3)
    )
    let (gamma, beta) = (FloatBuffer(copying: given.gamma), FloatBuffer(copying: given.beta))
    LayerNorm.forward(
      FloatBuffer(copying: given.x).readOnly, gamma: gamma.readOnly, beta: beta.readOnly,
      epsilon: 1e-5, rows: 3, width: width, into: y.view, normalized: normalized.view,
      scales: scales.view)
    let units = (0..<3).flatMap { given.unit($0).values }
    let expected = units.enumerated().map { index, unit in
      unit * Double(given.gamma[index % width]) + Double(given.beta[index % width])
    }
    #expect(relativeError(y.values, expected) < 2e-5)
    #expect(width == 1 || relativeError(normalized.values, units) < 2e-5)
    #expect(relativeError(scales.values, (0..<3).map { given.unit($0).scale }) < 1e-5)
    LayerNorm.affine(
      normalized.view, gamma: gamma.readOnly, beta: beta.readOnly, rows: 3, width: width)
    #expect(normalized.values == y.values)
  }

  @Test("Backward equals the formula and adds to what is there", arguments: raggedLengths)
  func backward(width: Int) {
    let given = Case(width)
    var dx = [Double](repeating: 1, count: 3 * width)
    var dgamma = [Double](repeating: 2, count: width)
    var dbeta = [Double](repeating: 3, count: width)
    var (units, scales): ([Float], [Float]) = ([], [])
    for row in 0..<3 {
      let (unit, scale) = given.unit(row)
      units += unit.map { Float($0) }
      scales.append(Float(scale))
      let dy = given.dy[row * width..<(row + 1) * width].map { Double($0) }
      let dunit = zip(dy, given.gamma).map { $0 * Double($1) }
      let plain = dunit.reduce(0, +) / Double(width)
      let along = zip(dunit, unit).reduce(0) { $0 + $1.0 * $1.1 } / Double(width)
      for i in 0..<width {
        dx[row * width + i] += scale * (dunit[i] - plain - unit[i] * along)
        dgamma[i] += dy[i] * unit[i]
        dbeta[i] += dy[i]
      }
    }
    let sums = [
      FloatBuffer(count: 3 * width), FloatBuffer(count: width), FloatBuffer(count: width),
    ]
    for (sum, start) in zip(sums, [Float(1), 2, 3]) { sum.view.fill(start) }
    LayerNorm.backward(
      FloatBuffer(copying: given.dy).readOnly, normalized: FloatBuffer(copying: units).readOnly,
      scales: FloatBuffer(copying: scales).readOnly,
      gamma: FloatBuffer(copying: given.gamma).readOnly, rows: 3, width: width,
      into: sums[0].view, dgamma: sums[1].view, dbeta: sums[2].view)
    // With one value a row, gradients of 300 cancel to 0.
    #expect(relativeError(sums[0].values, dx) < (width == 1 ? 1e-3 : 1e-5))
    #expect(relativeError(sums[1].values, dgamma) < 1e-5)
    #expect(relativeError(sums[2].values, dbeta) < 1e-5)
  }
}
