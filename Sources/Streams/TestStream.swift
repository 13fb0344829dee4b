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
  /// One pass after another in the data set's order.
  case sequential
}

/// An endless, ordered sequence of unlabeled batches of one task under one domain.
///
/// The order is drawn from a generator keyed by (seed, `stream`, task, pass), so that it depends on
/// nothing else: not on the domain, on other tasks, threads or sharding.
public struct TestStream: Sendable {
  public let images: ImageDataset
  public let domain: Domain
  public let batchSize: Int
  public let order: StreamOrder
  public let seed: UInt64

  private var pass = 0
  private var batchesOfStep = 0
  private var queue: [Int] = []
  private var taken = 0

  /// - Parameters:
  ///   - images: the task's images; the task's name is part of the key of the order.
  ///   - batchSize: at least 1; a data set smaller than that gives smaller batches.
  ///   - seed: the run's seed.
  public init(
    of images: ImageDataset, domain: Domain = .clean, batchSize: Int,
    order: StreamOrder = .epochs, seed: UInt64
  ) {
    precondition(batchSize > 0, "a batch holds an image")
    if case .reshuffledEachStep(let batches) = order {
      precondition(batches > 0, "a step takes a batch")
    }
    self.images = images
    self.domain = domain
    self.batchSize = batchSize
    self.order = order
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
    if taken == queue.count { startPass() }
    let end = min(taken + batchSize, queue.count)
    defer { taken = end }
    return queue[taken..<end].map { index in
      StreamItem(index: index, sample: images.samples[index], domain: domain)
    }
  }

  private mutating func startPass() {
    if order == .sequential {
      queue = Array(images.samples.indices)
    } else {
      var random = KeyedRandom(seed: seed, "stream", images.name, String(pass))
      queue = random.permutation(images.count)
    }
    taken = 0
    pass += 1
  }
}
