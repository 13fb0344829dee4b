internal import Datasets
internal import Streams
internal import TensorCore

/// What the files of a data set held when it was opened: its hash, and a short one for each image. Images
/// are read again whenever they are prepared; one that holds something else by then would give results
/// of other data than they say.
struct ImageContents: Sendable {
  /// 64 bits of the hash of an image's bytes.
  typealias Hash = UInt64

  /// Of every sample's id, class and bytes, in order.
  let hash: ContentHash
  /// In the order of the data set.
  let images: PagedArray<Hash>

  static func hash(of bytes: [UInt8]) -> Hash { ContentHash(of: bytes).low }

  /// Reads all images, on all threads.
  ///
  /// - Throws: `stream`, if one can't be read.
  init(of loaded: LabeledImages) throws(EvaluationError) {
    let samples = loaded.images.samples
    let whole = ContentHasher()
    var images = PagedArray<Hash>()
    let chunk = 1024
    for start in stride(from: 0, to: samples.count, by: chunk) {
      let part = samples.elements(start..<min(start + chunk, samples.count))
      let hashes = try Parallel.map(part.count) { index throws(EvaluationError) in
        try Self.contentHash(of: part[index])
      }
      for (sample, hash) in zip(part, hashes) {
        let name = loaded.labels.classNames[loaded.labels[sample.id]!]
        whole.update("\(sample.id)\u{0}\(name)\u{0}\(Self.shape(of: sample))\(hash)\n")
        images.append(hash.low)
      }
    }
    hash = whole.hash
    self.images = images
  }

  private static func contentHash(of sample: Sample) throws(EvaluationError) -> ContentHash {
    do {
      return ContentHash(of: try sample.content())
    } catch {
      throw .image(error)
    }
  }

  /// What pixels need besides their bytes to be an image; nothing for files of images.
  private static func shape(of sample: Sample) -> String {
    guard case .raster(_, let shape) = sample.location else { return "" }
    return "\(shape.width)x\(shape.height) \(shape.order.rawValue) "
  }
}
