internal import TensorCore

/// One place of a stream: an image of the data set, under a domain. No label.
public struct StreamItem: Hashable, Sendable {
  /// The image's place in the data set's `samples`.
  public let index: Int
  public let sample: Sample
  public let domain: Domain
}

/// In which order a stream takes the images of a task.
public enum StreamOrder: Hashable, Sendable {
  /// The data loader is made anew for each step, and gives its first batches only: the images of a
  /// step are drawn without replacement, steps are independent (AdaMerging's official code).
  case reshuffledEachStep(batchesPerStep: Int)
  /// One shuffled pass after another; the last batch of a pass may be smaller (FusionBench's
  /// infinite loader).
  case epochs
  /// One pass after another in the selection's order.
  case sequential
}

/// An endless, ordered sequence of unlabeled batches of one task, under the domains of one phase
/// after another.
///
/// The order is drawn from a generator keyed by (seed, `stream`, task, pass), so that it depends on
/// nothing else: not on the domain, on other tasks, threads or sharding.
public struct TestStream: Sendable {
  public let images: ImageDataset
  public let selection: SampleSelection
  public private(set) var phase: ShiftPhase
  public let batchSize: Int
  public let order: StreamOrder
  public let seed: UInt64

  private var pass = 0
  private var batchesOfStep = 0
  private var queue: SampleIndices
  private var taken = 0

  /// - Parameters:
  ///   - images: the task's images; the task's name is part of the key of the order.
  ///   - selection: those that are taken; nil: all. A fixed order is kept whatever `order` says.
  ///   - batchSize: at least 1; a data set smaller than that gives smaller batches.
  ///   - seed: the run's seed.
  public init(
    of images: ImageDataset, selection: SampleSelection? = nil, domain: Domain = .clean,
    batchSize: Int, order: StreamOrder = .epochs, seed: UInt64
  ) {
    self.init(
      of: images, selection: selection, phase: ShiftPhase(domain), batchSize: batchSize,
      order: order, seed: seed)
  }

  /// The same under the domains of a phase.
  public init(
    of images: ImageDataset, selection: SampleSelection? = nil, phase: ShiftPhase,
    batchSize: Int, order: StreamOrder = .epochs, seed: UInt64
  ) {
    precondition(batchSize > 0, "a batch holds an image")
    if case .reshuffledEachStep(let batches) = order {
      precondition(batches > 0, "a step takes a batch")
    }
    let selection = selection ?? SampleSelection(allOf: images)
    precondition(
      !selection.indices.isEmpty && selection.indices.allSatisfy(images.samples.indices.contains),
      "a selection of these images")
    queue = SampleIndices([])
    self.images = images
    self.selection = selection
    self.phase = phase
    self.batchSize = batchSize
    self.order = selection.isOrdered ? .sequential : order
    self.seed = seed
  }

  /// The next batch: 1 to `batchSize` items. A step of `reshuffledEachStep` that needs more than
  /// the whole data set goes on with another pass.
  public mutating func next() -> [StreamItem] {
    if case .reshuffledEachStep(let batchesPerStep) = order {
      if batchesOfStep == batchesPerStep {
        taken = queue.count
        batchesOfStep = 0
      }
      batchesOfStep += 1
    }
    return takeFromPass(batchSize)
  }

  /// The next `count` items, over the ends of passes.
  public mutating func take(_ count: Int) -> [StreamItem] {
    var items: [StreamItem] = []
    while items.count < count { items += takeFromPass(count - items.count) }
    return items
  }

  /// Goes on under another phase's domains, with a new pass.
  public mutating func begin(_ phase: ShiftPhase) {
    self.phase = phase
    taken = queue.count
    batchesOfStep = 0
  }

  private mutating func takeFromPass(_ count: Int) -> [StreamItem] {
    if taken == queue.count { startPass() }
    let end = min(taken + count, queue.count)
    defer { taken = end }
    return queue.elements(taken..<end).map { index in
      let sample = images.samples[index]
      return StreamItem(
        index: index, sample: sample, domain: phase.domain(of: sample.id, seed: seed))
    }
  }

  private mutating func startPass() {
    if order == .sequential {
      queue = selection.indices
    } else {
      var random = KeyedRandom(seed: seed, "stream", images.name, String(pass))
      let order = random.permutation(selection.count, of: UInt32.self)
      let indices = selection.indices
      queue = SampleIndices(order.lazy.map { indices[Int($0)] })
    }
    taken = 0
    pass += 1
  }
}
