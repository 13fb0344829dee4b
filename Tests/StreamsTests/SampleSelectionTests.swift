import Streams
import TensorCore
import Testing

@Suite("Selections of a test set")
struct SampleSelectionTests {
  /// 5 classes, 40 images each, one class after another.
  private let images = ImageDataset(
    name: "task",
    samples: (0..<200).map { Sample(id: SampleID("task/\($0)"), path: "/\($0)") })
  private let labels = Labels(
    classNames: ["a", "b", "c", "d", "e"],
    classIndices: Dictionary(
      uniqueKeysWithValues: (0..<200).map { (SampleID("task/\($0)"), $0 / 40) }))

  private func selection(
    _ plan: SelectionPlan = .all, _ order: LabelOrder = .shuffled, seed: UInt64 = 0
  ) throws -> SampleSelection {
    try SampleSelection(of: images, labels: labels, plan: plan, order: order, seed: seed)
  }

  private func classes(_ selection: SampleSelection) -> [Int] { selection.indices.map { $0 / 40 } }

  /// How often the class changes from one image to the next.
  private func changes(_ selection: SampleSelection) -> Int {
    zip(classes(selection), classes(selection).dropFirst()).count { $0 != $1 }
  }

  @Test("The halves have no image in common and are the test set together")
  func halves() throws {
    let (first, second) = (
      try selection(SelectionPlan(part: .firstHalf)),
      try selection(SelectionPlan(part: .secondHalf))
    )
    #expect(first.count == 100 && second.count == 100)
    #expect((Array(first.indices) + second.indices).sorted() == Array(0..<200))
    #expect(Set(classes(first)).count == 5, "a random half, not the first classes")
    #expect(try selection(SelectionPlan(part: .firstHalf), seed: 1) != first)
  }

  @Test("An amount takes a share of the images, at least one", arguments: [(0.05, 10), (0.001, 1)])
  func amount(share: Double, count: Int) throws {
    #expect(try selection(SelectionPlan(amount: share)).count == count)
  }

  @Test("A share of the classes keeps all images of some classes", arguments: [(0.2, 1), (0.5, 3)])
  func classShare(share: Double, count: Int) throws {
    let kept = try selection(SelectionPlan(classShare: share))
    #expect(Set(classes(kept)).count == count && kept.count == 40 * count)
    // Both halves keep the same classes.
    let half = try selection(SelectionPlan(part: .firstHalf, classShare: share))
    #expect(Set(classes(half)).isSubset(of: Set(classes(kept))))
  }

  @Test("Sorted streams show one class after another, in a drawn order")
  func sorted() throws {
    let sorted = try selection(.all, .sorted)
    #expect(sorted.isOrdered && sorted.indices.sorted() == Array(0..<200))
    #expect(changes(sorted) == 4)
    let first = try (0..<8).map { try classes(selection(.all, .sorted, seed: $0))[0] }
    #expect(Set(first).count > 1)
  }

  @Test("The smaller delta is, the longer a Dirichlet-correlated stream stays with a class")
  func correlated() throws {
    let counts = try [0.001, 1, 1000].map { changes(try selection(.all, .correlated(delta: $0))) }
    #expect(counts[0] < counts[1] && counts[1] < counts[2])
    // Shuffled: 4/5 of 199 neighbours differ, with a standard deviation of 6.
    #expect(abs(counts[2] - 159) < 30)
    let order = try selection(.all, .correlated(delta: 0.1))
    #expect(order.indices.sorted() == Array(0..<200))
  }

  @Test("Dirichlet shares have the mean and variance of the distribution", arguments: [0.1, 1, 10])
  func dirichlet(concentration: Double) {
    var random = KeyedRandom(seed: 1, "dirichlet")
    let draws = (0..<4000).map { _ in
      random.dirichlet(concentration: concentration, count: 4)
    }
    #expect(draws.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-12 })
    let first = draws.map { $0[0] }
    let mean = first.reduce(0, +) / 4000
    let variance = first.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    // Mean 1/K, variance (1/K)(1 - 1/K) / (K concentration + 1).
    let expected = 0.1875 / (4 * concentration + 1)
    #expect(abs(mean - 0.25) < 5 * (expected / 4000).squareRoot())
    #expect(abs(variance / expected - 1) < 0.15)
  }

  @Test("A tiny concentration gives one share everything, and no NaN")
  func tinyConcentration() {
    var random = KeyedRandom(seed: 1, "dirichlet")
    for _ in 0..<100 {
      let shares = random.dirichlet(concentration: 1e-6, count: 5)
      #expect(shares.contains { $0 > 0.999 })
    }
  }

  @Test("A selection without an image is refused, with the data set's name")
  func empty() throws {
    let one = ImageDataset(name: "one", samples: [images.samples[0]])
    let error = try #require(throws: StreamError.self) {
      try SampleSelection(
        of: one, labels: labels, plan: SelectionPlan(part: .secondHalf), seed: 0)
    }
    #expect(error == .emptySelection("second-half", of: "one"))
    #expect("\(error)".hasPrefix("one: has too few images for 'second-half'"))
  }

  @Test("Nothing of the labels is left in a selection or a stream made of it")
  func unlabeled() throws {
    let order = try selection(.all, .sorted)
    #expect(Mirror(reflecting: order).children.map(\.label) == ["indices", "isOrdered"])
    let stream = SuiteStream(
      StreamPlan(.constant(.clean), order: .sorted),
      tasks: [SuiteStream.Task(images: images, selection: order)], batchSize: 4,
      batchesPerStep: 1, reshuffles: true, stepsPerPhase: 1, seed: 0)
    var reached: Set<String> = []
    func walk(_ value: Any) {
      reached.insert("\(type(of: value))")
      for child in Mirror(reflecting: value).children.prefix(20) { walk(child.value) }
    }
    walk(stream)
    #expect(reached.contains("SampleSelection") && reached.contains("SampleTable"))
    #expect(reached.isDisjoint(with: ["Labels", "LabeledImages"]))
  }
}
