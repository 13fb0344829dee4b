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
  /// The places of the share's images in the data set.
  let places: [Int]
  private let rank: Int
  private let size: Int
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
    places = Array(stride(from: rank, to: dataset.count, by: size))
    imageSize = preprocessor.preprocessing.imageSize
    images =
      places.isEmpty
      ? nil
      : try PreparedImages(
        of: dataset.samples.at(places), contents: places.map { task.contents.images[$0] },
        by: PhasePreprocessor(preprocessor), memoryLimit: memoryLimit
      ) { _ in }
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

  /// The heads' outputs on all images of a task, of which each rank computes its share; all get all.
  ///
  /// - Parameter parameters: of the encoder.
  public func predict(
    _ share: ImageShare, of task: String, parameters: StateDict,
    with communicator: any Communicator
  ) -> Predictions {
    let open = self[task]
    let classes = open.head.classCount
    var logits = Tensor(zeros: [share.total, classes])
    let batchSize = 64
    for start in stride(from: 0, to: share.places.count, by: batchSize) {
      let places = share.places[start..<min(start + batchSize, share.places.count)]
      let own = open.head.logits(
        of: encoder.features(of: share.batch(places), parameters: parameters))
      for (row, place) in places.enumerated() {
        logits.values.replaceSubrange(
          place * classes..<(place + 1) * classes,
          with: own.values[row * classes..<(row + 1) * classes])
      }
    }
    communicator.gather(&logits)
    return Predictions(samples: open.images.samples.ids, logits: logits)
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
