internal import TensorCore

/// The stream of several tasks that an adaptation goes through, step by step: unlabeled items in
/// batches, each batch of one task. A step may have no image of a task.
///
/// Which task an image of a mixed step is of comes from a generator keyed by (seed, `task mix`,
/// step); the images themselves come from the tasks' own `TestStream`s.
public struct SuiteStream: Sendable {
  /// A task's images and those of them that the stream takes.
  public struct Task: Sendable {
    public let images: ImageDataset
    public let selection: SampleSelection

    public init(images: ImageDataset, selection: SampleSelection) {
      self.images = images
      self.selection = selection
    }
  }

  /// Images of one task that are looked at together.
  public struct Batch: Hashable, Sendable {
    public let task: String
    public let items: [StreamItem]
  }

  public let plan: StreamPlan
  /// How many steps each phase takes.
  public let stepsPerPhase: Int
  /// Steps given so far.
  public private(set) var steps = 0

  private let batchSize: Int
  private let batchesPerStep: Int
  private let seed: UInt64
  private var streams: [TestStream]
  /// What the phase has not shown yet of each task; counts in one pass only.
  private var left: [Int]

  /// - Parameters:
  ///   - tasks: at least one, each name once.
  ///   - batchSize: images in a batch, at least 1.
  ///   - batchesPerStep: of each task, or so many images of all tasks together where tasks are mixed.
  ///   - reshuffles: whether the loaders of the tasks are made anew for each step, as AdaMerging's
  ///     official code does; only where tasks come in turn, in shuffled order, without an end.
  ///   - stepsPerPhase: of a stream without an end; a single pass knows its own.
  ///   - seed: the run's seed.
  public init(
    _ plan: StreamPlan, tasks: [Task], batchSize: Int, batchesPerStep: Int, reshuffles: Bool,
    stepsPerPhase: Int, seed: UInt64
  ) {
    precondition(!tasks.isEmpty && batchSize > 0 && batchesPerStep > 0, "a task, a batch, an image")
    self.plan = plan
    self.batchSize = batchSize
    self.batchesPerStep = batchesPerStep
    self.seed = seed
    let order: StreamOrder =
      reshuffles && plan.mix == .perTask && !plan.isOnePass
      ? .reshuffledEachStep(batchesPerStep: batchesPerStep) : .epochs
    streams = tasks.map { task in
      TestStream(
        of: task.images, selection: task.selection, phase: plan.shift.phases[0],
        batchSize: batchSize, order: order, seed: seed)
    }
    left = tasks.map(\.selection.count)
    self.stepsPerPhase =
      plan.isOnePass
      ? Self.stepsOfOnePass(plan.mix, counts: left, perStep: batchSize * batchesPerStep)
      : stepsPerPhase
  }

  /// Steps until every image of every task was shown once.
  ///
  /// - Parameters:
  ///   - counts: the images of each task.
  ///   - perStep: images of a task in a step, or the mean over tasks where tasks are mixed.
  public static func stepsOfOnePass(_ mix: TaskMix, counts: [Int], perStep: Int) -> Int {
    switch mix {
    case .perTask: counts.map { ($0 + perStep - 1) / perStep }.max() ?? 0
    case .interleaved, .proportional:
      (counts.reduce(0, +) + counts.count * perStep - 1) / (counts.count * perStep)
    }
  }

  /// Steps of all phases.
  public var stepCount: Int { stepsPerPhase * plan.shift.phases.count }

  /// The next step: its batches in the order of the tasks, at least one. Call it at most `stepCount`
  /// times.
  public mutating func next() -> [Batch] {
    precondition(steps < stepCount, "the stream is at its end")
    let (phase, step) = steps.quotientAndRemainder(dividingBy: stepsPerPhase)
    if step == 0 {
      for index in streams.indices {
        if phase > 0 { streams[index].begin(plan.shift.phases[phase]) }
        left[index] = streams[index].selection.count
      }
    }
    defer { steps += 1 }
    return plan.mix == .perTask ? batchesInTurn() : mixedBatches()
  }

  private mutating func batchesInTurn() -> [Batch] {
    streams.indices.flatMap { index in
      (0..<batchesPerStep).compactMap { _ -> Batch? in
        guard !plan.isOnePass || left[index] > 0 else { return nil }
        let items = streams[index].next()
        left[index] -= items.count
        return Batch(task: streams[index].images.name, items: items)
      }
    }
  }

  private mutating func mixedBatches() -> [Batch] {
    var random = KeyedRandom(seed: seed, "task mix", String(steps))
    var counts = Array(repeating: 0, count: streams.count)
    for _ in 0..<streams.count * batchSize * batchesPerStep {
      let weights = streams.indices.map { index in
        let count = plan.isOnePass ? left[index] : streams[index].selection.count
        return plan.mix == .proportional ? count : min(count, 1)
      }
      let total = weights.reduce(0, +)
      guard total > 0 else { break }
      var draw = random.integer(in: 0..<total)
      let drawn = weights.firstIndex { weight in
        draw -= weight
        return draw < 0
      }!
      counts[drawn] += 1
      left[drawn] -= 1
    }
    return streams.indices.compactMap { index in
      guard counts[index] > 0 else { return nil }
      return Batch(task: streams[index].images.name, items: streams[index].take(counts[index]))
    }
  }
}
