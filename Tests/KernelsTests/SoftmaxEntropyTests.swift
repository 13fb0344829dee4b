import Foundation
import Kernels
import TensorCore
import Testing

@Suite("Softmax entropy and cross-entropy")
struct SoftmaxEntropyTests {
  private static let logits = Tensor(
    shape: [2, 4], values: [1.5, -0.25, 0.75, 3, -2, -2, 0.5, 0.125])

  @Test(
    "Values and gradients of the mean equal PyTorch's", arguments: SoftmaxEntropy.Formula.allCases)
  func entropy(formula: SoftmaxEntropy.Formula) {
    let (entropies, gradient) = SoftmaxEntropy.gradient(
      of: Self.logits, weights: [0.5, 0.5], formula: formula)
    #expect(relativeError(entropies, [0.8232317829242354, 0.9768562049820084]) < 1e-6)
    #expect(entropies == SoftmaxEntropy.entropies(of: Self.logits, formula: formula))
    let expected = [
      0.08074709210926576, 0.038845126641259164, 0.06704927254191936, -0.18664149129244434,
      0.047419215177052054, 0.047419215177052054, -0.09745882170917222, 0.0026203913550680957,
    ]
    #expect(relativeError(gradient.values, expected) < 1e-6)
  }

  /// The formulas part where probabilities come near 1e-8.
  @Test(
    "Gradients equal central differences on certain predictions",
    arguments: SoftmaxEntropy.Formula.allCases)
  func differences(formula: SoftmaxEntropy.Formula) {
    func entropy(_ logits: [Double]) -> Double {
      let powers = logits.map { exp($0) }
      let p = powers.map { $0 / powers.reduce(0, +) }
      let offset = formula == .logSoftmax ? 0 : 1e-8
      return -p.reduce(0) { $0 + $1 * log($1 + offset) }
    }
    let logits: [Double] = [0, -17, -19, -18.5]
    let (entropies, gradient) = SoftmaxEntropy.gradient(
      of: Tensor(shape: [1, 4], values: logits.map { Float($0) }), weights: [3], formula: formula)
    #expect(relativeError(entropies, [entropy(logits)]) < 1e-5)
    let differences = logits.indices.map { c in
      let ends = [1e-4, -1e-4].map { step in
        var moved = logits
        moved[c] += step
        return 3 * entropy(moved)
      }
      return (ends[0] - ends[1]) / 2e-4
    }
    #expect(relativeError(gradient.values, differences) < 1e-4)
  }

  @Test("Extreme logits have no entropy and no gradient; equal ones log C")
  func extremes() {
    let logits = Tensor(shape: [2, 3], values: [1e4, -1e4, 0, 7, 7, 7])
    let (entropies, gradient) = SoftmaxEntropy.gradient(of: logits, weights: [1, 1])
    #expect(entropies[0] == 0 && abs(entropies[1] - log(Float(3))) < 1e-6)
    #expect(gradient.values.allSatisfy { abs($0) < 1e-12 })
    let probabilities = SoftmaxEntropy.probabilities(of: logits)
    #expect(probabilities.values[0] == 1 && abs(probabilities.values[4] - 1 / 3) < 1e-7)
  }

  @Test("Cross-entropy equals PyTorch's, plain and smoothed", arguments: [Float(0), 0.1])
  func crossEntropy(smoothing: Float) {
    let (losses, gradient) = CrossEntropy.gradient(
      of: Self.logits, labels: [2, 0], smoothing: smoothing)
    let expectedLosses =
      smoothing == 0
      ? [2.5628406198011184, 3.1159741260114973] : [2.5128406198011186, 3.0003491260114976]
    let expectedGradient =
      smoothing == 0
      ? [
        0.08159495863446041, 0.014179077727586132, -0.4614572706687943, 0.36568323430674776,
        -0.4778323510308255, 0.022167648969174503, 0.2700572496899629, 0.1856074523716881,
      ]
      : [
        0.06909495863446041, 0.0016790777275861313, -0.4239572706687943, 0.35318323430674775,
        -0.4403323510308255, 0.009667648969174502, 0.2575572496899629, 0.1731074523716881,
      ]
    #expect(relativeError(losses, expectedLosses) < 1e-6)
    #expect(relativeError(gradient.values, expectedGradient) < 1e-6)
  }
}
