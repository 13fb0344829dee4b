import Configuration
import Evaluation
import Merging
import Streams
import TensorCore
import TestSupport
import Testing

@Suite("Images that an adaptation looks at")
struct AdaptationLoadTests {
  private let tiny: TinySuite

  init() throws { tiny = try TinySuite() }

  /// The adaptations of one experiment on the tasks red and green.
  private func adaptation(
    _ method: String, _ adapt: String, preset: String = "paper", batches: Int = 2, size: Int = 4
  ) throws -> Adaptation {
    let cells = try tiny.plan(
      """
      methods: [\(method)]
      adaptation: \(preset)
      steps: 7
      batches_per_step: \(batches)
      batch_size: \(size)
      experiments: [{name: x, seen: [red, green], corruptions: [clean, flat], adapt: {\(adapt)}}]
      """
    ).cells
    return try #require(cells.first).adaptation
  }

  @Test(
    "As many as the stream gives, counted in the stream itself",
    arguments: [
      "shift: each", "shift: mixed", "one_pass: true", "amount: 0.5", "part: first-half",
      "amount: 0.3, one_pass: true", "mix: interleaved", "mix: proportional, one_pass: true",
      "order: sorted", "shift: continual", "shift: recurring, rounds: 2, part: second-half",
    ], ["paper", "fusionbench"])
  func counted(adapt: String, preset: String) throws {
    for (batches, size) in [(2, 4), (1, 3), (3, 16)] {
      let adaptation = try adaptation(
        "adamerging-taskwise", adapt, preset: preset, batches: batches, size: size)
      let plan = try #require(adaptation.stream)
      let tasks = try adaptation.seen.map { name in
        let loaded = try #require(try tiny.suite()[name]).load()
        let selection = try SampleSelection(
          of: loaded.images, labels: loaded.labels, plan: plan.selection, order: plan.order, seed: 0
        )
        return SuiteStream.Task(images: loaded.images, selection: selection)
      }
      let counts = Dictionary(
        uniqueKeysWithValues: tasks.map { ($0.images.name, $0.selection.count) })
      let load = try #require(AdaptationLoad(adaptation) { counts[$0]! })
      var stream = SuiteStream(
        plan, tasks: tasks, batchSize: size, batchesPerStep: batches,
        reshuffles: preset == "paper", stepsPerPhase: 7, seed: 0)
      let steps = (0..<stream.stepCount).map { _ in
        stream.next().reduce(0) { $0 + $1.items.count }
      }
      #expect(load.steps == stream.stepsPerPhase)
      #expect(load.phases == plan.shift.phases)
      #expect(load.imagesPerPhase * load.phases.count == steps.reduce(0, +))
      #expect(steps.max()! <= load.imagesPerStep)
    }
  }

  @Test("A method that calibrates at once takes the images that it wants, of the first phase")
  func calibration() throws {
    let load = try #require(
      AdaptationLoad(try adaptation("fisher: {images: 32}", "shift: continual")) { _ in 5 })
    #expect(load.imagesPerPhase == 2 * 32 && load.phases == [ShiftPhase(.clean)])
  }

  @Test("A method that does not adapt looks at none")
  func none() throws {
    #expect(AdaptationLoad(try adaptation("ties", "shift: each")) { _ in 5 } == nil)
  }
}
