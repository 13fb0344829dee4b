package import TensorCore
package import VisionModels

/// AdaMerging (Yang et al., ICLR 2024): learns the merging coefficients by minimising the entropy of
/// the merged model's predictions on unlabeled images of all tasks. Its `++` does so on the vectors
/// that TIES trims.
public struct AdaMerging: AdaptiveMethod {
  public let granularity: MergingCoefficients.Granularity
  /// The share that task vectors are trimmed to (`++`); nil: whole task vectors.
  public let density: Double?
  public let settings: AdaMergingSettings

  public init(
    _ granularity: MergingCoefficients.Granularity, density: Double? = nil,
    settings: AdaMergingSettings = AdaMergingSettings()
  ) {
    self.granularity = granularity
    self.density = density
    self.settings = settings
  }

  public var name: String {
    (granularity == .taskwise ? "adamerging-taskwise" : "adamerging-layerwise")
      + (density == nil ? "" : "++")
  }

  /// - Throws: as `AdaMergingRun`, and `noBatches` without `data`.
  public func merge(
    _ bank: TaskVectorBank, adaptingTo data: AdaptationData?
  ) throws(MergingError) -> MergedModel {
    guard var data, !data.tasks.isEmpty else { throw .noBatches(method: name) }
    var run = try AdaMergingRun(self, bank: bank, encoder: data.encoder)
    for _ in 0..<settings.steps {
      let step = try run.step(data.nextBatches(settings.batchesPerStep))
      data.onStep?(step)
    }
    return try run.model()
  }
}

extension AdaptationData {
  /// Passes over what `count` steps of `batches` batches of each task take.
  package mutating func skip(steps count: Int, of batches: Int) {
    for index in tasks.indices { tasks[index].batches.skip(count * batches) }
  }

  /// The next `count` batches of each task.
  package mutating func nextBatches(
    _ count: Int
  ) -> [(task: String, head: ClassificationHead, images: Tensor)] {
    tasks.indices.flatMap { index in
      (0..<count).map { _ in
        (tasks[index].name, tasks[index].head, tasks[index].batches.next())
      }
    }
  }
}
