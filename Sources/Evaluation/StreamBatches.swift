public import Merging
public import Streams
public import TensorCore

/// A test stream as a method that adapts sees it: pixels in batches, and nothing else. Made from
/// images without labels, so that none can be reached from it.
public struct StreamBatches: UnlabeledBatches {
  private var stream: TestStream
  private let images: PreparedImages
  private let taken: @Sendable (_ images: Int) -> Void

  /// - Parameters:
  ///   - stream: says which images, in which order.
  ///   - images: the stream's data set, prepared under its domain.
  ///   - taken: told the size of each batch that is taken; for progress.
  public init(
    _ stream: TestStream, images: PreparedImages,
    taken: @escaping @Sendable (_ images: Int) -> Void = { _ in }
  ) {
    precondition(images.count == stream.images.count, "the stream's own images")
    self.stream = stream
    self.images = images
    self.taken = taken
  }

  /// The next batch, normalized, `[N, 3, imageSize, imageSize]`.
  public mutating func next() -> Tensor {
    let items = stream.next()
    taken(items.count)
    return images.batch(items.map(\.index))
  }

  /// Passes over batches without looking at a pixel.
  public mutating func skip(_ count: Int) {
    for _ in 0..<count { _ = stream.next() }
  }
}
