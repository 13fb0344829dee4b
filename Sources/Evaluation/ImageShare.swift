public import Checkpoints
public import Communication
internal import Imaging
public import Merging
public import Streams
internal import TensorCore
internal import VisionModels

/// The images of a task that one rank of a job holds, prepared: of `size` ranks, rank `r` has every
/// `size`-th image from the `r`-th on. A process that works alone has all.
public struct ImageShare: Sendable {
  /// How many images the data set has.
  let total: Int
  private let rank: Int
  /// How many shares there are.
  let size: Int
  private let imageSize: Int
  /// Nil if the share is empty.
  private let images: PreparedImages?

  /// Prepares a rank's images on all threads.
  ///
  /// - Parameter memoryLimit: bytes; what takes more goes to a temporary file.
  init(
    of task: OpenTask, for communicator: any Communicator, by preprocessor: Preprocessor,
    memoryLimit: Int
  ) throws(EvaluationError) {
    (rank, size) = (communicator.rank, communicator.size)
    let dataset = task.images
    total = dataset.count
    imageSize = preprocessor.preprocessing.imageSize
    let places = stride(from: rank, to: dataset.count, by: size)
    images =
      rank >= dataset.count
      ? nil
      : try PreparedImages(
        of: dataset.samples.at(places),
        contents: PagedArray(places.lazy.map { task.contents.images[$0] }),
        by: PhasePreprocessor(preprocessor), memoryLimit: memoryLimit
      ) { _ in }
  }

  /// The places in the data set of the share's images from `start`, a multiple of `size`, to `end`.
  func places(from start: Int, to end: Int) -> StrideTo<Int> {
    stride(from: start + rank, to: end, by: size)
  }

  /// Those of the images at `places` of the data set that the share has, normalized,
  /// `[N, 3, imageSize, imageSize]`; N may be 0.
  func batch(_ places: some Sequence<Int>) -> Tensor {
    let own = places.filter { $0 % size == rank }.map { $0 / size }
    guard let images, !own.isEmpty else { return Tensor(zeros: [0, 3, imageSize, imageSize]) }
    return images.batch(own)
  }
}

/// A test stream as one of the ranks sees it that adapt to it together: of each batch, its own images.
struct SharedBatches: UnlabeledBatches {
  private var stream: TestStream
  private let share: ImageShare

  init(_ stream: TestStream, share: ImageShare) {
    precondition(share.total == stream.images.count, "the stream's own images")
    self.stream = stream
    self.share = share
  }

  mutating func next() -> Tensor { share.batch(stream.next().map(\.index)) }

  mutating func skip(_ count: Int) {
    for _ in 0..<count { _ = stream.next() }
  }
}

/// Adapting and measuring on the ranks of a job.
extension Workbench {
  /// A rank's share of a task's images, prepared in memory or a temporary file.
  public func prepare(
    _ task: String, for communicator: any Communicator, by preprocessor: Preprocessor,
    memoryLimit: Int = 2 << 30
  ) throws(EvaluationError) -> ImageShare {
    try ImageShare(
      of: self[task], for: communicator, by: preprocessor, memoryLimit: memoryLimit)
  }

  /// A task as a method that adapts sees it: this rank's part of its unlabeled batches, and a head.
  public func adaptationTask(
    _ task: String, share: ImageShare, domain: Domain, settings: AdaMergingSettings, seed: UInt64
  ) -> AdaptationData.Task {
    let stream = TestStream(
      of: self[task].images, domain: domain, batchSize: settings.batchSize,
      order: settings.streamOrder, seed: seed)
    return AdaptationData.Task(
      name: task, head: self[task].head, batches: SharedBatches(stream, share: share))
  }

  /// Predicts and scores all images of a task, of which each rank computes its share; all get all.
  ///
  /// - Parameters:
  ///   - model: what messages call it.
  ///   - parameters: of the encoder.
  /// - Throws: `nonFiniteOutputs`.
  public func score(
    _ share: ImageShare, of task: String, by model: String, parameters: StateDict,
    with communicator: any Communicator
  ) throws(EvaluationError) -> ScoredPredictions {
    let open = self[task]
    let ids = open.images.samples.ids
    let classes = open.head.classCount
    var scorer = PredictionScorer(classCount: classes)
    // Every rank has a batch of each.
    let stretch = 64 * share.size
    for start in stride(from: 0, to: share.total, by: stretch) {
      let end = min(start + stretch, share.total)
      var logits = Tensor(zeros: [end - start, classes])
      let places = Array(share.places(from: start, to: end))
      if !places.isEmpty {
        let own = open.head.logits(
          of: encoder.features(of: share.batch(places), parameters: parameters))
        for (row, place) in places.enumerated() {
          logits.values.replaceSubrange(
            (place - start) * classes..<(place - start + 1) * classes,
            with: own.values[row * classes..<(row + 1) * classes])
        }
      }
      communicator.gather(&logits)
      scorer.append(
        Predictions(samples: ids.elements(start..<end), logits: logits),
        labels: open.labels)
    }
    try scorer.checkFinite(task, by: model)
    return scorer.scored(ids)
  }
}

extension Communicator {
  /// Puts together a tensor whose values every rank has in part, with zeros elsewhere.
  fileprivate func gather(_ tensor: inout Tensor) {
    guard size > 1 else { return }
    // In pieces, which keep the doubles small.
    let piece = 1 << 20
    for start in stride(from: 0, to: tensor.values.count, by: piece) {
      let range = start..<min(start + piece, tensor.values.count)
      var values = tensor.values[range].map { Double($0) }
      sum(&values)
      tensor.values.replaceSubrange(range, with: values.map { Float($0) })
    }
  }
}
