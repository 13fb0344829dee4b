import Streams
import TensorCore
import Testing

@Suite("Streams of several tasks")
struct SuiteStreamTests {
  private let fog = Domain(corruption: "fog", severity: 3)

  private func task(_ name: String, _ count: Int) -> SuiteStream.Task {
    let images = ImageDataset(
      name: name, samples: (0..<count).map { Sample(id: SampleID("\(name)/\($0)"), path: "/\($0)") }
    )
    return SuiteStream.Task(images: images, selection: SampleSelection(allOf: images))
  }

  private func stream(
    _ plan: StreamPlan, _ counts: [Int] = [10, 30], batchSize: Int = 4, batchesPerStep: Int = 1,
    reshuffles: Bool = false, steps: Int = 3, seed: UInt64 = 0
  ) -> SuiteStream {
    SuiteStream(
      plan, tasks: counts.enumerated().map { task("t\($0.offset)", $0.element) },
      batchSize: batchSize, batchesPerStep: batchesPerStep, reshuffles: reshuffles,
      stepsPerPhase: steps, seed: seed)
  }

  private func all(_ stream: SuiteStream) -> [[SuiteStream.Batch]] {
    var stream = stream
    return (0..<stream.stepCount).map { _ in stream.next() }
  }

  @Test("Tasks in turn give what the streams of the tasks give, as the published loaders do")
  func inTurn() {
    for reshuffles in [true, false] {
      let steps = all(
        stream(
          StreamPlan(.constant(fog)), batchesPerStep: 2, reshuffles: reshuffles, steps: 6, seed: 3))
      for (place, count) in [10, 30].enumerated() {
        var alone = TestStream(
          of: task("t\(place)", count).images, domain: fog, batchSize: 4,
          order: reshuffles ? .reshuffledEachStep(batchesPerStep: 2) : .epochs, seed: 3)
        for step in steps {
          let batches = step.filter { $0.task == "t\(place)" }
          #expect(batches.map(\.items) == [alone.next(), alone.next()])
        }
      }
    }
  }

  @Test("Each phase shows its own domain for its steps")
  func phases() {
    let steps = all(stream(StreamPlan(.continual([.clean, fog])), steps: 2))
    #expect(steps.count == 4)
    for (index, step) in steps.enumerated() {
      let domain = index < 2 ? Domain.clean : fog
      #expect(step.allSatisfy { $0.items.allSatisfy { $0.domain == domain } })
    }
  }

  @Test(
    "One pass shows every image once in each phase, whatever the mix",
    arguments: TaskMix.allCases)
  func onePass(mix: TaskMix) {
    let plan = StreamPlan(.continual([.clean, fog]), mix: mix, isOnePass: true)
    let stream = stream(plan, steps: 99)
    #expect(stream.stepsPerPhase == (mix == .perTask ? 8 : 5))
    let steps = all(stream)
    for phase in [steps.prefix(stream.stepsPerPhase), steps.suffix(stream.stepsPerPhase)] {
      let items = phase.joined().flatMap(\.items).map(\.sample.id)
      #expect(items.count == 40 && Set(items).count == 40)
    }
    #expect(steps.allSatisfy { !$0.isEmpty && $0.allSatisfy { !$0.items.isEmpty } })
    if mix == .perTask {
      #expect(steps[7].map(\.task) == ["t1"], "the small task is through")
    }
  }

  @Test("Mixed tasks fill every step, evenly or by the sizes of their test sets")
  func mixes() {
    for (mix, share) in [(TaskMix.interleaved, 0.5), (.proportional, 0.75)] {
      let steps = all(stream(StreamPlan(.constant(.clean), mix: mix), steps: 200))
      #expect(steps.allSatisfy { $0.reduce(0) { $0 + $1.items.count } == 8 })
      let second = steps.joined().filter { $0.task == "t1" }.reduce(0) { $0 + $1.items.count }
      // Of 1600, with a standard deviation of 20.
      #expect(abs(Double(second) - 1600 * share) < 100)
    }
    let single = all(
      stream(StreamPlan(.constant(.clean), mix: .interleaved), batchSize: 1, steps: 50))
    #expect(single.contains { $0.count == 1 }, "a step may leave a task out")
  }

  @Test("A seed's stream is always the same, another seed's another one")
  func seeds() {
    let plan = StreamPlan(.mixed([.clean, fog]), mix: .interleaved)
    #expect(all(stream(plan, seed: 1)) == all(stream(plan, seed: 1)))
    #expect(all(stream(plan, seed: 1)) != all(stream(plan, seed: 2)))
  }

  @Test("An ordered selection comes in its order, pass after pass")
  func ordered() throws {
    let task = task("t", 6)
    let labels = Labels(
      classNames: ["a", "b"],
      classIndices: Dictionary(
        uniqueKeysWithValues: (0..<6).map { (SampleID("t/\($0)"), $0 % 2) }))
    let selection = try SampleSelection(
      of: task.images, labels: labels, order: .sorted, seed: 0)
    let stream = SuiteStream(
      StreamPlan(.constant(.clean), order: .sorted),
      tasks: [SuiteStream.Task(images: task.images, selection: selection)], batchSize: 3,
      batchesPerStep: 1, reshuffles: true, stepsPerPhase: 4, seed: 0)
    #expect(
      all(stream).map { $0[0].items.map(\.index) }
        == [
          Array(selection.indices[..<3]), Array(selection.indices[3...]),
          Array(selection.indices[..<3]), Array(selection.indices[3...]),
        ])
  }

  @Test("A plan's text tells streams apart")
  func texts() {
    #expect(StreamPlan(.constant(fog)).text == "fog-3")
    #expect(
      StreamPlan(
        .constant(fog), selection: SelectionPlan(part: .firstHalf, amount: 0.05, classShare: 0.5),
        order: .correlated(delta: 0.1), mix: .interleaved, isOnePass: true
      ).text == "fog-3/first-half/classes=0.5/amount=0.05/dirichlet=0.1/interleaved/one-pass")
  }
}
