import Kernels
import TensorCore
import Testing

/// The kernels pick AVX2 where there is some. Their outcomes are held against hashes from a build
/// without it: the same bits on every machine.
@Suite("Kernels on every instruction set")
struct InstructionSetTests {
  private let rows = 5
  private let width = 77
  private var x: FloatBuffer { FloatBuffer(copying: normals(rows * width, "x").map { $0 * 4 }) }
  private var y: FloatBuffer { FloatBuffer(copying: normals(rows * width, "y")) }
  private var gamma: FloatBuffer { FloatBuffer(copying: normals(width, "gamma")) }
  private var beta: FloatBuffer { FloatBuffer(copying: normals(width, "beta")) }

  private func hash(_ buffers: FloatBuffer...) -> String {
    ContentHash(of: buffers.flatMap(\.values)).description
  }

  @Test("Layer norm")
  func layerNorm() {
    let (out, normalized, scales) = (y, y, FloatBuffer(zeros: rows))
    LayerNorm.forward(
      x.readOnly, gamma: gamma.readOnly, beta: beta.readOnly, epsilon: 1e-5, rows: rows,
      width: width, into: out.view, normalized: normalized.view, scales: scales.view)
    #expect(hash(out, normalized, scales) == "0418736c74a3ad58ef0f70eadb5e08a4")
    let (dx, dgamma, dbeta) = (x, gamma, beta)
    LayerNorm.backward(
      y.readOnly, normalized: normalized.readOnly, scales: scales.readOnly, gamma: gamma.readOnly,
      rows: rows, width: width, into: dx.view, dgamma: dgamma.view, dbeta: dbeta.view)
    #expect(hash(dx, dgamma, dbeta) == "9629c3817b9e4d3cda1dd295874505f1")
  }

  @Test("Softmax")
  func softmax() {
    let (p, dp) = (x, y)
    Softmax.forward(p.view, scale: 0.37, rows: rows, width: width)
    Softmax.backward(p.readOnly, dp.view, scale: 0.37, rows: rows, width: width)
    #expect(hash(p, dp) == "0035a2e8dce5e4efa663ce563c9e2e66")
  }

  @Test(
    "Activations",
    arguments: [
      (ActivationFunction.quickGELU, "4d381d47dd0b522d8cf3d179b67f4fc8"),
      (.gelu, "fab94438975779d53dbe9228c8fbf438"),
    ])
  func activations(function: ActivationFunction, expected: String) {
    let (hidden, out, gradient) = (x, y, y)
    function.forward(hidden.view, bias: gamma.readOnly, rows: rows, into: out.view)
    function.backward(hidden.view, gradient: gradient.view)
    #expect(hash(hidden, out, gradient) == expected)
  }

  @Test("Weighted sum")
  func weightedSum() {
    let (base, vectors) = (normals(1000, "base"), normals(3000, "vectors"))
    let ranges = [0..<77, 77..<1000]
    let coefficients: [Float] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    let merged = FloatBuffer(copying: base)
    let (views, gradients) = (FloatBuffer(copying: vectors).readOnly, FloatBuffer(copying: base))
    var products: [Float] = []
    for row in 0..<3 {
      for (layer, range) in ranges.enumerated() {
        let vector = views[1000 * row + range.lowerBound..<1000 * row + range.upperBound]
        WeightedSum.add(
          vector, times: coefficients[2 * row + layer], to: merged.view[range])
        products.append(Float(WeightedSum.innerProduct(gradients.readOnly[range], vector)))
      }
    }
    #expect(
      ContentHash(of: merged.values + products).description == "5ca912ea738a06edf55fe01bc5f1ba41")
  }
}
