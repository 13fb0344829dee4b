internal import Imaging
internal import Streams
public import TensorCore

/// The images of one task under the domains of one phase, decoded, corrupted and cropped once, for all methods.
public struct PreparedImages: Sendable {
  fileprivate enum Storage: Sendable {
    case memory([UInt8])
    case file(UnnamedFile)
  }

  public let count: Int
  private let preprocessing: Preprocessing
  private let storage: Storage

  /// What the images take in memory that the system can't take back.
  var residentBytes: Int {
    if case .memory(let bytes) = storage { bytes.count } else { 0 }
  }

  /// The crop of one image, 8 bits still.
  func pixels(_ index: Int) -> PixelImage {
    let length = preprocessing.cropLength
    let range = index * length..<(index + 1) * length
    let pixels =
      switch storage {
      case .memory(let bytes): Array(bytes[range])
      case .file(let file): file.pixels(range)
      }
    return PixelImage(
      width: preprocessing.imageSize, height: preprocessing.imageSize, pixels: pixels)
  }

  /// The normalized images at `indices` of the data set, `[N, 3, imageSize, imageSize]`.
  public func batch(_ indices: some Collection<Int>) -> Tensor {
    switch storage {
    case .memory(let bytes):
      return preprocessing.normalize(crops: bytes, indices: Array(indices))
    case .file(let file):
      let length = preprocessing.cropLength
      var crops: [UInt8] = []
      crops.reserveCapacity(indices.count * length)
      for index in indices { crops += file.pixels(index * length..<(index + 1) * length) }
      return preprocessing.normalize(crops: crops, indices: Array(0..<indices.count))
    }
  }

  /// Prepares every image of a data set on all threads.
  ///
  /// - Parameters:
  ///   - contents: the hash that each image's bytes should have.
  ///   - memoryLimit: bytes; what takes more goes to a temporary file.
  ///   - report: gets the number of images done.
  /// - Throws: `image` and `corruption`; `changedImage`; `cache`.
  init(
    of samples: SampleTable, contents: PagedArray<ImageContents.Hash>,
    by preprocessor: PhasePreprocessor, memoryLimit: Int, report: (Int) -> Void
  ) throws(EvaluationError) {
    precondition(samples.count == contents.count, "a hash of each image")
    preprocessing = preprocessor.preprocessing
    count = samples.count
    let length = preprocessing.cropLength * samples.count
    var sink = try PreparedSink(length: length, inMemory: length <= memoryLimit)
    let chunk = 64
    for start in stride(from: 0, to: samples.count, by: chunk) {
      let range = start..<min(start + chunk, samples.count)
      let (part, hashes) = (samples.elements(range), contents.elements(range))
      let crops = try Parallel.map(range.count) { index throws(EvaluationError) in
        try preprocessor.pixels(of: part[index], content: hashes[index])
      }
      for crop in crops { try sink.append(crop.pixels) }
      report(range.upperBound)
    }
    storage = sink.finish()
  }
}

extension UnnamedFile {
  /// The bytes of `range`. A disk that does not give them back ends the process, as it does where a
  /// mapped file is read.
  fileprivate func pixels(_ range: Range<Int>) -> [UInt8] {
    do {
      return try bytes(range)
    } catch {
      preconditionFailure("the temporary file of prepared images in \(folder) can be read")
    }
  }
}

/// Where prepared images are collected: memory, or a temporary file.
private struct PreparedSink: ~Copyable {
  private var bytes: [UInt8] = []
  private let file: UnnamedFile?
  /// Bytes in the file.
  private var written = 0

  init(length: Int, inMemory: Bool) throws(EvaluationError) {
    do {
      file = inMemory ? nil : try UnnamedFile("images")
    } catch {
      throw .cache(path: error.folder, reason: error.reason)
    }
    if inMemory { bytes.reserveCapacity(length) }
  }

  mutating func append(_ pixels: [UInt8]) throws(EvaluationError) {
    guard let file else {
      bytes += pixels
      return
    }
    do {
      try file.write(pixels, at: written)
      written += pixels.count
    } catch {
      throw .cache(path: error.folder, reason: error.reason)
    }
  }

  /// What was collected.
  mutating func finish() -> PreparedImages.Storage {
    if let file { .file(file) } else { .memory(bytes) }
  }
}

/// The prepared images that cells share, within a bound of memory: what was used longest ago goes
/// first, and is prepared again if need be. With a bound of 0 no two units share images.
public struct BatchCache: Sendable {
  /// What the pixels depend on.
  struct Key: Hashable {
    let task: String
    let phase: ShiftPhase
    /// Empty for clean images, which no recipe touches.
    let profile: String
    /// 0 for clean images.
    let seed: UInt64
  }

  private struct Entry {
    let images: PreparedImages
    var lastUse: Int
  }

  /// Bytes.
  public let memoryLimit: Int
  private var entries: [Key: Entry] = [:]
  private var uses = 0
  /// How many times a data set was prepared.
  private(set) package var preparationCount = 0

  /// - Parameter memoryLimit: bytes.
  public init(memoryLimit: Int) {
    self.memoryLimit = memoryLimit
  }

  /// Another unit begins.
  mutating func beginUnit() {
    if memoryLimit == 0 { entries = [:] }
  }

  /// The images of `key`, prepared if they are not at hand.
  mutating func images(
    _ key: Key, of task: OpenTask, by preprocessor: PhasePreprocessor, report: (Int) -> Void
  ) throws(EvaluationError) -> PreparedImages {
    uses += 1
    if let entry = entries[key] {
      entries[key]!.lastUse = uses
      return entry.images
    }
    let prepared = try PreparedImages(
      of: task.images.samples, contents: task.contents.images, by: preprocessor,
      memoryLimit: memoryLimit == 0 ? .max : memoryLimit, report: report)
    preparationCount += 1
    entries[key] = Entry(images: prepared, lastUse: uses)
    while memoryLimit > 0, entries.values.reduce(0, { $0 + $1.images.residentBytes }) > memoryLimit,
      let oldest = entries.filter({ $0.key != key }).min(by: { $0.value.lastUse < $1.value.lastUse }
      )
    {
      entries[oldest.key] = nil
    }
    return prepared
  }
}
