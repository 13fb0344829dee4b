import Foundation
import Kernels
import Testing

@Suite("Activations")
struct ActivationsTests {
  /// The activation and its slope.
  private static func reference(
    _ function: ActivationFunction, _ x: Double
  ) -> (value: Double, slope: Double) {
    switch function {
    case .quickGELU:
      let gate = 1 / (1 + exp(-1.702 * x))
      return (x * gate, gate + 1.702 * x * gate * (1 - gate))
    case .gelu:
      let gate = 0.5 * erfc(-x / 2.0.squareRoot())
      return (x * gate, gate + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot())
    }
  }

  @Test(
    "Forward equals the formula and keeps the sum with the bias",
    arguments: ActivationFunction.allCases, raggedLengths)
  func forward(function: ActivationFunction, width: Int) {
    let x = normals(3 * width, "x").map { $0 * 3 }
    let bias = normals(width, "bias")
    let (hidden, y) = (FloatBuffer(copying: x), FloatBuffer.stale(3 * width))
    function.forward(
      hidden.view, bias: FloatBuffer(copying: bias).readOnly, rows: 3, into: y.view)
    let sums = x.indices.map { x[$0] + bias[$0 % width] }
    #expect(hidden.values == sums)
    #expect(
      relativeError(y.values, sums.map { Self.reference(function, Double($0)).value }) < 1e-6)
  }

  @Test(
    "Backward equals the formula and leaves the activations",
    arguments: ActivationFunction.allCases, raggedLengths)
  func backward(function: ActivationFunction, count: Int) {
    let x = normals(count, "x").map { $0 * 3 }
    let dy = normals(count, "dy")
    let (hidden, gradient) = (FloatBuffer(copying: x), FloatBuffer(copying: dy))
    function.backward(hidden.view, gradient: gradient.view)
    let references = x.map { Self.reference(function, Double($0)) }
    #expect(relativeError(hidden.values, references.map(\.value)) < 1e-6)
    let slopes = zip(dy, references).map { Double($0) * $1.slope }
    #expect(relativeError(gradient.values, slopes) < 2e-6)
  }

  @Test("Far from zero: the identity, or zero", arguments: ActivationFunction.allCases)
  func saturation(function: ActivationFunction) {
    let (hidden, y) = (FloatBuffer(copying: [-200, 200, -3e38, 3e38]), FloatBuffer.stale(4))
    function.forward(
      hidden.view, bias: FloatBuffer(zeros: 4).readOnly, rows: 1, into: y.view)
    #expect(y.values[1] == 200 && y.values[3] == 3e38)
    #expect(abs(y.values[0]) < 1e-5 && y.values[2].isFinite)
  }

  @Test("Row operations", arguments: raggedLengths)
  func rowOperations(width: Int) {
    let (x, bias) = (normals(4 * width, "x"), normals(width, "bias"))
    let buffer = FloatBuffer(copying: x)
    RowOperations.addBias(buffer.view, FloatBuffer(copying: bias).readOnly, rows: 4)
    #expect(buffer.values == x.indices.map { x[$0] + bias[$0 % width] })
    RowOperations.add(FloatBuffer(copying: x).readOnly, to: buffer.view)
    #expect(buffer.values == x.indices.map { x[$0] + bias[$0 % width] + x[$0] })

    let sums = FloatBuffer(copying: bias)
    RowOperations.addColumnSums(
      FloatBuffer(copying: x).readOnly, rows: 2, stride: 2 * width, into: sums.view)
    #expect(sums.values == (0..<width).map { bias[$0] + x[$0] + x[2 * width + $0] })

    let gathered = FloatBuffer.stale(2 * width)
    RowOperations.gather(
      FloatBuffer(copying: x).readOnly, rows: 2, width: width, stride: 2 * width,
      into: gathered.view)
    #expect(gathered.values == Array(x[0..<width] + x[2 * width..<3 * width]))
    let scattered = FloatBuffer(zeros: 4 * width)
    RowOperations.scatter(
      gathered.readOnly, rows: 2, width: width, stride: 2 * width, into: scattered.view)
    #expect(scattered.values == x.indices.map { $0 / width % 2 == 0 ? x[$0] : 0 })
  }
}
