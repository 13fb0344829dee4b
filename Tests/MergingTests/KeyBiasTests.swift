import Checkpoints
import Merging
import TensorCore
import Testing
import VisionModels

@Suite("Key biases")
struct KeyBiasTests {
  private func run(_ keyBias: KeyBiasGradient) throws -> (set: ParitySet, run: AdaMergingRun) {
    let set = try ParitySet()
    var settings = AdaMergingSettings()
    settings.keyBias = keyBias
    return (
      set,
      try AdaMergingRun(
        AdaMerging(.layerwise, settings: settings), bank: set.bank, encoder: set.encoder)
    )
  }

  /// Of both tasks.
  private func rows(_ run: AdaMergingRun) -> (biases: [Double], others: [Double]) {
    let layers = run.coefficients.layers
    let isBias = run.state.raw.indices.map { layers[$0 % layers.count].hasSuffix("k_proj.bias") }
    let pairs = zip(run.state.raw, isBias)
    return (pairs.filter(\.1).map(\.0), pairs.filter { !$0.1 }.map(\.0))
  }

  @Test("Their coefficients stay where they started, as the mathematics has it")
  func exact() throws {
    var (set, run) = try run(.exact)
    for _ in 0..<5 { try run.step(set.batches) }
    let (biases, others) = rows(run)
    #expect(biases.count == 4)
    #expect(biases.allSatisfy { $0 == 0.3 })
    #expect(others.allSatisfy { $0 != 0.3 })
  }

  @Test("With the drift of autograd they move by rounding noise, and the others hardly change")
  func drift() throws {
    var (set, exact) = try run(.exact)
    var (_, drift) = try run(.drift)
    try exact.step(set.batches)
    try drift.step(set.batches)
    let (biases, others) = rows(drift)
    #expect(biases.contains { $0 != 0.3 })
    #expect(biases.allSatisfy { abs($0 - 0.3) <= 1.001e-3 })
    #expect(others == rows(exact).others)
    // Noise: orders of magnitude below the gradients that mean something.
    let layers = drift.coefficients.layers
    let slopes = drift.state.optimizer.first.enumerated()
    let noise = slopes.filter { layers[$0.offset % layers.count].hasSuffix("k_proj.bias") }
      .map { abs($0.element) }.max()!
    #expect(noise > 0 && noise < 1e-4 * slopes.map { abs($0.element) }.max()!)
  }
}
