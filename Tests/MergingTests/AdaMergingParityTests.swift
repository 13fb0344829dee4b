import Checkpoints
import Merging
import TensorCore
import Testing
import VisionModels

/// A run of the goldens' script.
struct ParityCase: Sendable, CustomTestStringConvertible {
  let name: String
  let method: AdaMerging

  init(
    _ name: String, _ granularity: MergingCoefficients.Granularity, density: Double? = nil,
    preset: AdaMergingSettings.Preset = .paper,
    change: (inout AdaMergingSettings) -> Void = { _ in }
  ) {
    self.name = name
    var settings = AdaMergingSettings(preset)
    settings.steps = 20
    settings.batchesPerStep = 1
    change(&settings)
    method = AdaMerging(granularity, density: density, settings: settings)
  }

  var testDescription: String { name }

  static let all = [
    ParityCase("adamerging-taskwise", .taskwise),
    ParityCase("adamerging-layerwise", .layerwise),
    ParityCase("adamerging-taskwise++", .taskwise, density: 0.2),
    ParityCase("adamerging-layerwise++", .layerwise, density: 0.2),
    ParityCase("fusionbench", .layerwise, preset: .fusionbench),
    ParityCase("clamped", .layerwise) {
      $0.initialCoefficient = 0.004
      $0.learningRate = 2e-3
    },
  ]
}

@Suite("AdaMerging against PyTorch")
struct AdaMergingParityTests {
  private let set: ParitySet

  init() throws { set = try ParitySet() }

  /// The rows of layer-wise coefficients that can be compared. The gradient of a key bias is zero in
  /// exact arithmetic (softmax does not see a shift of all keys): Adam makes steps of rounding noise.
  private func comparable(_ coefficients: MergingCoefficients) -> [Bool] {
    switch coefficients.granularity {
    case .taskwise: coefficients.tasks.map { _ in true }
    case .layerwise:
      coefficients.tasks.flatMap { _ in
        coefficients.layers.map { !$0.hasSuffix("k_proj.bias") }
      }
    }
  }

  @Test(
    "20 steps take the coefficients where PyTorch's autograd and Adam take them",
    arguments: ParityCase.all)
  func trajectory(of golden: ParityCase) throws {
    let expected = try set.golden("\(golden.name).coefficients")
    let losses = try set.golden("\(golden.name).losses")
    var run = try AdaMergingRun(golden.method, bank: set.bank, encoder: set.encoder)
    let compared = comparable(run.coefficients)
    #expect(expected.count == 21 * compared.count)
    var error = 0.0
    for step in 0...20 {
      if step > 0 {
        let found = try run.step(set.batches)
        #expect(abs(found.loss - Double(losses[step - 1])) < 1e-4 * Double(losses[step - 1]))
      }
      for index in compared.indices where compared[index] {
        let difference = run.state.raw[index] - Double(expected[step * compared.count + index])
        error = max(error, abs(difference))
      }
    }
    #expect(error < 1e-4)
  }

  @Test("The first gradient is PyTorch's", arguments: ParityCase.all)
  func gradient(of golden: ParityCase) throws {
    let expected = try set.golden("\(golden.name).gradient").map { Double($0) }
    var run = try AdaMergingRun(golden.method, bank: set.bank, encoder: set.encoder)
    try run.step(set.batches)
    // After one update Adam's running mean is (1 - beta1) of the gradient.
    let found = run.state.optimizer.first.map { $0 / (1 - run.state.optimizer.beta1) }
    let scale = expected.map(abs).max()!
    let compared = comparable(run.coefficients)
    for index in expected.indices where compared[index] {
      #expect(abs(found[index] - expected[index]) < 1e-4 * scale)
    }
  }

  @Test("Merging with images is stepping, then merging by the last coefficients")
  func method() throws {
    let golden = ParityCase.all[1]
    let steps = Counter()
    var data = set.data
    data.onStep = { _ in steps.increment() }
    let model = try golden.method.merge(set.bank, adaptingTo: data)
    let expected = try set.golden("\(golden.name).coefficients")
    let compared = comparable(model.coefficients!)
    for index in compared.indices where compared[index] {
      let last = Double(expected[20 * compared.count + index])
      #expect(abs(model.coefficients!.values[index] - last) < 1e-4)
    }
    #expect(steps.value == 20)
    #expect(model.trajectory.map(\.step) == Array(1...20))
    #expect(model.shared.values == (try set.bank.merged(by: model.coefficients!)).values)
    #expect(try model.parameters(for: "task0") == model.parameters(for: "another"))
  }

  @Test("TIES keeps the entries that AdaMerging's official procedure keeps")
  func tiesMasks() throws {
    let masks = try set.golden("ties_masks")
    let kept = try set.bank.agreeing(density: 0.2)
    let (matrix, all) = (try kept.matrix(), try set.bank.matrix())
    #expect(matrix.map { $0 == 0 ? 0 : 1 } == masks)
    for index in masks.indices where masks[index] == 1 {
      #expect(matrix[index] == all[index])
    }
  }

  @Test(
    "Cutting a step or a batch into several passes changes rounding alone", arguments: [1, 3, 16])
  func passes(images: Int) throws {
    var settings = ParityCase.all[1].method.settings
    settings.imagesPerPass = images
    let cut = AdaMerging(.layerwise, settings: settings)
    var whole = try AdaMergingRun(ParityCase.all[1].method, bank: set.bank, encoder: set.encoder)
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
    let method = ParityCase.all[1].method
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
