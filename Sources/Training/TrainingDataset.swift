public import Imaging
public import TensorCore

/// Labelled images of one size to train on.
public protocol TrainingDataset: Sendable {
  /// The classes, in the order of the labels.
  var classNames: [String] { get }
  /// The number of samples.
  var count: Int { get }
  /// Sample `index` of `0..<count`: a square image of the model's size and its class.
  func sample(_ index: Int) -> TrainingSample
}

/// One labelled image.
public struct TrainingSample: Sendable, Equatable {
  public let image: PixelImage
  /// An index into the data set's class names.
  public let label: Int

  public init(image: PixelImage, label: Int) {
    self.image = image
    self.label = label
  }
}

/// A data set held in memory as bytes, so that decoding or rendering happens once.
public struct PooledDataset: TrainingDataset {
  public let classNames: [String]
  private let samples: [TrainingSample]

  /// Takes all samples of another data set, drawing them on all cores.
  public init(_ source: some TrainingDataset) {
    self.init(
      classNames: source.classNames,
      samples: Parallel.map(source.count) { source.sample($0) })
  }

  /// - Parameter samples: square images of one size with labels inside `classNames`.
  public init(classNames: [String], samples: [TrainingSample]) {
    let side = samples.first?.image.width ?? 0
    for sample in samples {
      precondition(classNames.indices.contains(sample.label), "labels name classes")
      precondition(
        sample.image.width == side && sample.image.height == side, "square images of one size")
    }
    self.classNames = classNames
    self.samples = samples
  }

  public var count: Int { samples.count }

  public func sample(_ index: Int) -> TrainingSample { samples[index] }

  /// The labels of all samples, in their order.
  var labels: [Int] { samples.map(\.label) }

  /// Whether any sample is of this class.
  public func contains(label: Int) -> Bool { samples.contains { $0.label == label } }

  /// Names the classes, labels and pixels: another data set has another hash.
  public var contentHash: ContentHash {
    let parts = Parallel.map(samples.count) { index in
      "\(samples[index].label) \(ContentHash(of: samples[index].image.pixels))"
    }
    return ContentHash(of: (classNames + parts).joined(separator: "\n"))
  }

  /// Splits off every class's share of `fraction` of its samples (at least one of a class that has
  /// two), chosen by the seed.
  ///
  /// - Returns: the samples to train on and those to validate on.
  public func split(
    validationFraction fraction: Double, seed: UInt64
  ) -> (train: PooledDataset, validation: PooledDataset) {
    var train: [Int] = []
    var validation: [Int] = []
    for (label, name) in classNames.enumerated() {
      let members = samples.indices.filter { samples[$0].label == label }
      var random = KeyedRandom(seed: seed, "validation split", name)
      let order = random.permutation(members.count).map { members[$0] }
      let wanted = Int((Double(members.count) * fraction).rounded())
      let held = members.count < 2 || fraction <= 0 ? 0 : min(members.count - 1, max(1, wanted))
      validation += order[..<held]
      train += order[held...]
    }
    return (subset(train.sorted()), subset(validation.sorted()))
  }

  private func subset(_ indices: [Int]) -> PooledDataset {
    PooledDataset(classNames: classNames, samples: indices.map { samples[$0] })
  }
}
