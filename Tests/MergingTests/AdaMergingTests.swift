import Checkpoints
import Merging
import Testing

/// Its numbers are held against PyTorch's in `ParityTests`.
@Suite("AdaMerging")
struct AdaMergingTests {
  private let set: ParitySet
  private let method: AdaMerging

  init() throws {
    set = try ParitySet()
    var settings = AdaMergingSettings(.paper)
    settings.steps = 20
    settings.batchesPerStep = 1
    method = AdaMerging(.layerwise, settings: settings)
  }

  @Test("Merging with images is stepping, then merging by the last coefficients")
  func merging() throws {
    let steps = Counter()
    var data = set.data
    data.onStep = { _ in steps.increment() }
    let model = try method.merge(set.bank, adaptingTo: data)
    var run = try AdaMergingRun(method, bank: set.bank, encoder: set.encoder)
    for _ in 0..<20 { try run.step(set.batches) }
    #expect(model.coefficients == run.coefficients)
    #expect(steps.value == 20)
    #expect(model.trajectory.map(\.step) == Array(1...20))
    #expect(model.shared.values == (try set.bank.merged(by: model.coefficients!)).values)
    #expect(try model.parameters(for: "task0") == model.parameters(for: "another"))
  }

  @Test("The vectors of ++ keep their own values where they agree, and nothing else")
  func agreement() throws {
    let (kept, all) = (try set.bank.agreeing(density: 0.2).matrix(), try set.bank.matrix())
    #expect(zip(kept, all).allSatisfy { $0 == 0 || $0 == $1 })
    let share = Double(kept.count { $0 != 0 }) / Double(kept.count)
    #expect((0.1..<0.2).contains(share))
  }

  @Test(
    "Cutting a step or a batch into several passes changes rounding alone", arguments: [1, 3, 16])
  func passes(images: Int) throws {
    var settings = method.settings
    settings.imagesPerPass = images
    let cut = AdaMerging(.layerwise, settings: settings)
    var whole = try AdaMergingRun(method, bank: set.bank, encoder: set.encoder)
    var parts = try AdaMergingRun(cut, bank: set.bank, encoder: set.encoder)
    let (a, b) = try (whole.step(set.batches), parts.step(set.batches))
    #expect(abs(a.loss - b.loss) < 1e-5)
    #expect(a.entropies.count == 2)
    for (x, y) in zip(whole.state.optimizer.first, parts.state.optimizer.first) {
      #expect(abs(x - y) < 1e-6)
    }
  }

  @Test("A run goes on from its saved state as if it had not stopped")
  func resuming() throws {
    var whole = try AdaMergingRun(method, bank: set.bank, encoder: set.encoder)
    for _ in 0..<4 { try whole.step(set.batches) }
    var first = try AdaMergingRun(method, bank: set.bank, encoder: set.encoder)
    for _ in 0..<2 { try first.step(set.batches) }
    let saved = try JSONRoundTrip.through(first.state)
    var second = try AdaMergingRun(
      method, bank: set.bank, encoder: set.encoder, resuming: saved)
    for _ in 0..<2 { try second.step(set.batches) }
    #expect(second.state == whole.state)
  }
}
