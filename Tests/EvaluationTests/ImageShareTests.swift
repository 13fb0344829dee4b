import Communication
import Corruptions
import Evaluation
import Merging
import Statistics
import Streams
import TensorCore
import TestSupport
import Testing

@Suite("Images shared by ranks")
struct ImageShareTests {
  private let tiny: TinySuite
  private let workbench: Workbench

  init() throws {
    tiny = try TinySuite()
    workbench = try Workbench(tiny.suite(), tasks: TinySuite.tasks)
  }

  private func preprocessor() throws -> Preprocessor {
    Preprocessor(
      preprocessing: workbench.preprocessing,
      domain: Domain(corruption: "noisy", severity: 2),
      corruption: try tiny.recipes().corruption("noisy"), seed: 5)
  }

  /// The pixels of every image in an order that depends on nothing, to compare sets of images.
  private func images(_ batches: [Tensor]) -> [[Float]] {
    batches.flatMap { batch in (0..<batch.rowCount).map { batch.rows($0..<$0 + 1).values } }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test(
    "The parts of a batch on all ranks are the batch, with the same corruption",
    arguments: [2, 3, 12])
  func batches(ranks: Int) throws {
    var settings = AdaMergingSettings(.fusionbench)
    settings.batchSize = 4
    let preprocessor = try preprocessor()
    let prepared = try workbench.prepare("red", by: preprocessor)
    var whole = workbench.adaptationTask(
      "red", images: prepared, domain: preprocessor.domain, settings: settings, seed: 3)
    let outcomes = ThreadCommunicator.run(ranks) { [settings] communicator in
      let share = try workbench.prepare("red", for: communicator, by: preprocessor)
      var task = workbench.adaptationTask(
        "red", share: share, domain: preprocessor.domain, settings: settings, seed: 3)
      task.batches.skip(1)
      return (0..<4).map { _ in task.batches.next() }
    }
    let parts = try outcomes.map { try $0.get() }
    whole.batches.skip(1)
    for step in 0..<4 {
      #expect(images(parts.map { $0[step] }) == images([whole.batches.next()]))
    }
    // Ten images: of twelve ranks, the last has none.
    if ranks == 12 { #expect(parts[11].allSatisfy { $0.shape == [0, 3, 16, 16] }) }
  }

  @Test("All ranks get the scores of one process, in its order", arguments: [1, 3, 12])
  func scores(ranks: Int) throws {
    let preprocessor = try preprocessor()
    let whole = try workbench.score(
      try workbench.prepare("blue", by: preprocessor), of: "blue", by: "base",
      parameters: workbench.base)
    let outcomes = ThreadCommunicator.run(ranks) { communicator in
      let share = try workbench.prepare("blue", for: communicator, by: preprocessor)
      return try workbench.score(
        share, of: "blue", by: "base", parameters: workbench.base, with: communicator)
    }
    for outcome in outcomes {
      let found = try outcome.get()
      #expect(found.samples == whole.samples)
      #expect(found.scores.count == whole.scores.count)
      for (a, b) in zip(found.scores, whole.scores) {
        #expect(a.label == b.label && a.predicted == b.predicted)
        #expect(abs(a.entropy - b.entropy) <= 1e-5 && abs(a.confidence - b.confidence) <= 1e-5)
      }
    }
  }
}
