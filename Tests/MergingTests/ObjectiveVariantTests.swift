import Foundation
import Merging
import TensorCore
import Testing
import VisionModels

@Suite("Variants of the objective")
struct ObjectiveVariantTests {
  private let logits = Tensor(
    shape: [4, 3], values: [4, 0, 0, 0.2, 0.1, 0, 0, 5, -1, 1, 0.8, 1.1])

  private func isSlope(_ objective: EntropyObjective, of logits: Tensor) -> Bool {
    let gradient = objective.evaluate(logits).gradient
    return logits.values.indices.allSatisfy { index in
      var (above, below) = (logits, logits)
      above.values[index] += 1e-2
      below.values[index] -= 1e-2
      let slope = (objective.evaluate(above).loss - objective.evaluate(below).loss) / 2e-2
      return abs(Double(gradient.values[index]) - slope) < 1e-4
    }
  }

  @Test("Only images below the threshold count, in the mean and in the gradient")
  func reliability() {
    let objective = EntropyObjective(threshold: 0.4)
    let value = objective.evaluate(logits)
    let entropies = EntropyObjective().evaluate(logits).entropies
    #expect(value.entropies == entropies)
    let limit = 0.4 * log(3.0)
    let reliable = entropies.indices.filter { Double(entropies[$0]) < limit }
    #expect(reliable == [0, 2])
    #expect(abs(value.loss - Double(entropies[0] + entropies[2]) / 2) < 1e-6)
    #expect(value.gradient.values[3..<6].allSatisfy { $0 == 0 })
    #expect(isSlope(objective, of: logits))
  }

  @Test("Without a reliable image there is nothing to do")
  func nothingReliable() {
    let flat = Tensor(shape: [1, 3], values: [0, 0.1, 0])
    let value = EntropyObjective(threshold: 0.4).evaluate(flat)
    #expect(value.loss == 0)
    #expect(value.gradient.values.allSatisfy { $0 == 0 })
  }

  @Test("A NaN among the logits is not filtered away")
  func notANumber() {
    let broken = Tensor(shape: [1, 3], values: [0, .nan, 0])
    #expect(EntropyObjective(threshold: 0.4).evaluate(broken).loss.isNaN)
  }

  @Test("The diversity term is the entropy of the mean prediction, with its gradient")
  func diversity() {
    let (plain, varied) = (EntropyObjective(), EntropyObjective(diversity: 0.7))
    var means = [0.0, 0, 0]
    for row in 0..<4 {
      let exponents = logits.values[row * 3..<row * 3 + 3].map { exp(Double($0)) }
      let sum = exponents.reduce(0, +)
      for c in 0..<3 { means[c] += exponents[c] / sum / 4 }
    }
    let entropy = -means.reduce(0) { $0 + $1 * log($1) }
    let difference = plain.evaluate(logits).loss - varied.evaluate(logits).loss
    #expect(abs(difference - 0.7 * entropy) < 1e-6)
    #expect(isSlope(varied, of: logits))
    #expect(isSlope(EntropyObjective(threshold: 0.4, diversity: 0.3), of: logits))
  }

  @Test("Classes without any probability leave the diversity finite")
  func extremes() {
    let certain = Tensor(shape: [2, 2], values: [2000, -2000, 2000, -2000])
    let value = EntropyObjective(diversity: 1).evaluate(certain)
    #expect(value.loss == 0)
    #expect(value.gradient.values.allSatisfy { $0 == 0 })
  }

  private func run(
    _ change: (inout AdaMergingSettings) -> Void
  ) throws -> (set: ParitySet, run: AdaMergingRun) {
    let set = try ParitySet()
    var settings = AdaMergingSettings()
    change(&settings)
    return (
      set,
      try AdaMergingRun(
        AdaMerging(.layerwise, settings: settings), bank: set.bank, encoder: set.encoder)
    )
  }

  @Test("An anchor holds the coefficients near to where they started")
  func anchor() throws {
    func distance(_ weight: Double) throws -> Double {
      var (set, run) = try run { $0.anchor = weight }
      for _ in 0..<20 { try run.step(set.batches) }
      return run.state.raw.reduce(0) { $0 + abs($1 - 0.3) }
    }
    #expect(try distance(1000) < distance(0) / 2)
  }

  @Test("A reset starts coefficients and optimizer anew, and keeps the trajectory")
  func reset() throws {
    var (set, run) = try run { $0.resetEvery = 3 }
    var first: [Double] = []
    for number in 1...4 {
      try run.step(set.batches)
      if number == 1 { first = run.state.raw }
    }
    #expect(run.state.raw == first)
    #expect(run.state.optimizer.updates == 1)
    #expect(run.state.trajectory.map(\.step) == [1, 2, 3, 4])
  }

  @Test("The sharpness-aware step takes the gradient uphill, and reports what was before")
  func sharpness() throws {
    var (set, plain) = try run { _ in }
    var (_, sharp) = try run { $0.sharpness = 0.05 }
    let (a, b) = try (plain.step(set.batches), sharp.step(set.batches))
    #expect(a == b)
    let (g, h) = (plain.state.optimizer.first, sharp.state.optimizer.first)
    #expect(g != h)
    // Where it was taken: the plain gradient of a run that starts there.
    let length = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let uphill = zip(plain.coefficients.values, g).map { _, slope in 0.3 + 0.05 * slope / length }
    let merged = try set.bank.merged(
      by: MergingCoefficients(
        .layerwise, tasks: set.bank.tasks, layers: plain.coefficients.layers, values: uphill))
    var loss = 0.0
    for (_, head, images) in set.batches {
      let features = set.encoder.features(of: images, parameters: merged)
      loss += EntropyObjective().evaluate(head.logits(of: features)).loss
    }
    #expect(loss > a.loss)
  }
}
