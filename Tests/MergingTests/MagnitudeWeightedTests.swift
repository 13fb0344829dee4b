import Checkpoints
import Merging
import TensorCore
import Testing

@Suite("Magnitude-weighted task arithmetic")
struct MagnitudeWeightedTests {
  private let layout = ParameterLayout([("a", [2]), ("b", [2])])

  /// Lengths 5 and 1 in `a`, 0 and 2 in `b`; 5 and the root of 5 in all.
  private func bank() throws -> TaskVectorBank {
    func state(_ values: [Float]) -> StateDict { StateDict(layout: layout, values: values) }
    return try TaskVectorBank(
      base: state([0, 0, 0, 0]),
      experts: [("x", state([3, -4, 0, 0])), ("y", state([0, 1, 0, 2]))])
  }

  private func close(_ found: [Double], _ expected: [Double]) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-9 }
  }

  @Test("Equal weighting gives every task vector the mean length")
  func equal() throws {
    let bank = try bank()
    let model = try MagnitudeWeighted(lambda: 1).merge(bank)
    let mean = (5 + 5.0.squareRoot()) / 2
    #expect(close(model.coefficients!.values, [mean / 5, mean / 5.0.squareRoot()]))
    #expect(model.coefficients!.granularity == .taskwise)
    #expect(try bank.merged(by: model.coefficients!) == model.shared)
  }

  @Test("Each tensor by itself, of which one without length gets no weight")
  func perTensor() throws {
    let model = try MagnitudeWeighted(lambda: 0.5, scope: .tensor).merge(bank())
    #expect(model.coefficients!.granularity == .layerwise)
    #expect(close(model.coefficients!.values, [0.5 * 3 / 5, 0, 0.5 * 3, 0.5 * 0.5]))
  }

  @Test("Proportional weighting has MetaGPT's coefficients at one over the number of tasks")
  func proportional() throws {
    let model = try MagnitudeWeighted(lambda: 0.5, weighting: .proportional).merge(bank())
    #expect(close(model.coefficients!.values, [25.0 / 30, 5.0 / 30]))
  }

  @Test("Without experts there is nothing to merge")
  func empty() throws {
    let bank = try TaskVectorBank(base: StateDict(zeros: layout))
    #expect(throws: MergingError.noExperts) { try MagnitudeWeighted().merge(bank) }
  }
}
