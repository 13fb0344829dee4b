import Communication
import Foundation
import Merging
import TensorCore
import TestSupport
import Testing
import VisionModels

@Suite("A run of AdaMerging over ranks")
struct DistributedRunTests {
  /// How a test spreads the images of a step.
  enum Split: CaseIterable {
    /// Image i of a batch goes to rank i modulo the number of ranks.
    case byImage
    /// All images of a task lie on one rank; the last ranks may have nothing.
    case byTask
  }

  /// What changes an adaptation.
  enum Variant: CaseIterable {
    case paper, fusionbench, taskwise, threshold, diversity, thresholdAndDiversity, sharpness
    case anchor, reset, smallPasses, allTogether

    /// - Parameter threshold: of the variants that have one.
    func method(threshold: Double) -> AdaMerging {
      var settings = AdaMergingSettings(self == .fusionbench ? .fusionbench : .paper)
      if [.threshold, .thresholdAndDiversity, .allTogether].contains(self) {
        settings.entropyThreshold = threshold
      }
      if [.diversity, .thresholdAndDiversity, .allTogether].contains(self) {
        settings.diversity = 0.5
      }
      if [.sharpness, .allTogether].contains(self) { settings.sharpness = 0.05 }
      if [.anchor, .allTogether].contains(self) { settings.anchor = 0.1 }
      if [.reset, .allTogether].contains(self) { settings.resetEvery = 3 }
      if [.smallPasses, .allTogether].contains(self) { settings.imagesPerPass = 2 }
      return AdaMerging(self == .taskwise ? .taskwise : .layerwise, settings: settings)
    }
  }

  private let set: ParitySet
  /// A share of `ln C` with half of the images' entropies below it.
  private let threshold: Double

  init() throws {
    set = try ParitySet()
    let run = try AdaMergingRun(AdaMerging(.layerwise), bank: set.bank, encoder: set.encoder)
    let parameters = try run.model().shared
    let shares = set.batches.flatMap { [set] _, head, images in
      let features = set.encoder.features(of: images, parameters: parameters)
      return EntropyObjective().evaluate(head.logits(of: features)).entropies
        .map { Double($0) / log(Double(head.classCount)) }
    }.sorted()
    threshold = (shares[shares.count / 2 - 1] + shares[shares.count / 2]) / 2
  }

  private func part(
    _ batches: [AdaMergingRun.TaskBatch], _ split: Split, rank: Int, of size: Int
  ) -> [AdaMergingRun.TaskBatch] {
    batches.enumerated().map { index, batch in
      let rows = (0..<batch.images.rowCount).filter {
        split == .byImage ? $0 % size == rank : index % size == rank
      }
      let images =
        rows.isEmpty
        ? batch.images.rows(0..<0)
        : Tensor.concatenating(rows.map { batch.images.rows($0..<$0 + 1) })
      return (batch.task, batch.head, images)
    }
  }

  @Test(
    "The coefficients are those of one process, on all ranks the same",
    arguments: Variant.allCases, [(2, Split.byImage), (4, .byImage), (2, .byTask), (4, .byTask)])
  func equality(variant: Variant, ranks: (size: Int, split: Split)) throws {
    let method = variant.method(threshold: threshold)
    var whole = try AdaMergingRun(method, bank: set.bank, encoder: set.encoder)
    for _ in 0..<5 { try whole.step(set.batches) }
    let outcomes = ThreadCommunicator.run(ranks.size) { communicator in
      var run = try AdaMergingRun(
        method, bank: set.bank, encoder: set.encoder, communicator: communicator)
      let own = part(set.batches, ranks.split, rank: communicator.rank, of: ranks.size)
      for _ in 0..<5 { try run.step(own) }
      return run.state
    }
    let states = try outcomes.map { try $0.get() }
    #expect(states.allSatisfy { $0 == states[0] })
    for (a, b) in zip(states[0].raw, whole.state.raw) { #expect(abs(a - b) < 1e-6) }
    // Adam hides a wrong scale of the gradient, its moments don't.
    let scale = whole.state.optimizer.first.map(abs).max()!
    for (a, b) in zip(states[0].optimizer.first, whole.state.optimizer.first) {
      #expect(abs(a - b) < 1e-5 * scale)
    }
    for (a, b) in zip(states[0].trajectory, whole.state.trajectory) {
      #expect(abs(a.loss - b.loss) < 1e-5)
      #expect(a.largestClassShares == b.largestClassShares)
      for (x, y) in zip(
        a.entropies + a.meanPredictionEntropies, b.entropies + b.meanPredictionEntropies)
      { #expect(abs(x - y) < 1e-5) }
    }
  }

  @Test("The threshold leaves some images out, so that the ranks have to count those that are left")
  func thresholdMatters() throws {
    var (all, some) = (
      try AdaMergingRun(
        Variant.paper.method(threshold: threshold), bank: set.bank, encoder: set.encoder),
      try AdaMergingRun(
        Variant.threshold.method(threshold: threshold), bank: set.bank, encoder: set.encoder)
    )
    #expect(try some.step(set.batches).loss < all.step(set.batches).loss)
  }

  @Test("What the ranks add up is the gradient of one process, not a mean of their own")
  func gradient() throws {
    let method = Variant.thresholdAndDiversity.method(threshold: threshold)
    var whole = try AdaMergingRun(method, bank: set.bank, encoder: set.encoder)
    try whole.step(set.batches)
    // 1 of each batch's images here, all others there.
    let outcomes = ThreadCommunicator.run(2) { communicator in
      var run = try AdaMergingRun(
        method, bank: set.bank, encoder: set.encoder, communicator: communicator)
      let own = set.batches.map { task, head, images in
        (task, head, images.rows(communicator.leads ? 0..<1 : 1..<images.rowCount))
      }
      try run.step(own)
      return run.state.optimizer.first
    }
    let scale = whole.state.optimizer.first.map(abs).max()!
    for (a, b) in zip(try outcomes[1].get(), whole.state.optimizer.first) {
      #expect(abs(a - b) < 1e-5 * scale)
    }
  }

  @Test("A step exchanges image counts once, then K x L gradients with what was predicted")
  func exchanges() throws {
    let method = Variant.paper.method(threshold: threshold)
    let outcomes = ThreadCommunicator.run(2) { communicator in
      var run = try AdaMergingRun(
        method, bank: set.bank, encoder: set.encoder, communicator: communicator)
      try run.step(part(set.batches, .byImage, rank: communicator.rank, of: 2))
      return (communicator.sums, run.coefficients.layers.count)
    }
    let (sums, layers) = try outcomes[0].get()
    let tallies = set.heads.reduce(0) { $0 + 3 + 2 * $1.classCount }
    #expect(sums == [2 * 2, 2 * layers + tallies])
  }

  @Test("A NaN among one rank's images is every rank's error, and leaves the state as it was")
  func nonFiniteEntropy() throws {
    let encoder = LinearEncoder()
    let bank = try encoder.bank([[1, 0, 0.5, 0, 0, 0]])
    let outcomes = ThreadCommunicator.run(3) { communicator in
      var run = try AdaMergingRun(
        AdaMerging(.taskwise), bank: bank, encoder: encoder, communicator: communicator)
      let before = run.state
      let images = Tensor(
        shape: [1, 3, 1, 1], values: [1, communicator.rank == 2 ? .nan : 0.5, 0])
      let error = #expect(throws: MergingError.self) {
        try run.step([("task0", encoder.head, images)])
      }
      #expect(run.state == before)
      return error
    }
    for outcome in outcomes {
      #expect(
        try outcome.get()
          == .nonFiniteEntropy(method: "adamerging-taskwise", task: "task0", step: 1))
    }
  }

  @Test("A run goes on with another number of ranks")
  func resuming() throws {
    let method = Variant.paper.method(threshold: threshold)
    var whole = try AdaMergingRun(method, bank: set.bank, encoder: set.encoder)
    for _ in 0..<6 { try whole.step(set.batches) }
    func go(_ state: AdaMergingRun.State?, ranks: Int) throws -> AdaMergingRun.State {
      try ThreadCommunicator.run(ranks) { communicator in
        var run = try AdaMergingRun(
          method, bank: set.bank, encoder: set.encoder,
          resuming: communicator.shared(communicator.leads ? state : nil),
          communicator: communicator)
        let own = part(set.batches, .byImage, rank: communicator.rank, of: ranks)
        for _ in 0..<2 { try run.step(own) }
        return run.state
      }[ranks - 1].get()
    }
    let last = try go(go(go(nil, ranks: 4), ranks: 1), ranks: 3)
    #expect(last.steps == 6)
    for (a, b) in zip(last.raw, whole.state.raw) { #expect(abs(a - b) < 1e-6) }
  }
}
