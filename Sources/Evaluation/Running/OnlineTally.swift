internal import Checkpoints
internal import Statistics
internal import Streams
internal import TensorCore
internal import VisionModels

/// The predictions of a prequential evaluation, scored step by step: 44 bytes an image, however many
/// classes there are, those of many images in a file.
struct OnlineTally {
  /// By task: how many images a step predicted, and how many of them right.
  struct Counts: Codable {
    var samples: [String: Int] = [:]
    var correct: [String: Int] = [:]
  }

  /// The predictions of one task, in the order of the stream.
  struct Predicted {
    /// In the data set, of each image.
    var places = PagedArray<UInt32>()
    var scorer: PredictionScorer
  }

  private(set) var steps: [Counts]
  /// By task.
  private(set) var predicted: [String: Predicted]

  init(steps: [Counts] = [], predicted: [String: Predicted] = [:]) {
    self.steps = steps
    self.predicted = predicted
  }

  /// Predicts the images of a step.
  ///
  /// - Parameters:
  ///   - images: normalized, for each batch.
  ///   - parameters: of the encoder.
  mutating func predict(
    _ batches: [SuiteStream.Batch], images: [Tensor], parameters: StateDict, on workbench: Workbench
  ) {
    var counts = Counts()
    for (batch, pixels) in zip(batches, images) {
      let open = workbench[batch.task]
      let predictions = Predictions(
        samples: batch.items.map(\.sample.id),
        logits: open.head.logits(
          of: workbench.encoder.features(of: pixels, parameters: parameters)))
      counts.samples[batch.task, default: 0] += predictions.count
      counts.correct[batch.task, default: 0] += Accuracy.correct(predictions, labels: open.labels)
      var task =
        predicted.removeValue(forKey: batch.task)
        ?? Predicted(scorer: PredictionScorer(classCount: predictions.classCount))
      task.places.append(contentsOf: batch.items.lazy.map { UInt32($0.index) })
      task.scorer.append(predictions, labels: open.labels)
      predicted[batch.task] = task
    }
    steps.append(counts)
  }

  /// What the predictions of a task so far are worth, in the order of its images.
  ///
  /// - Parameter method: what messages call it.
  /// - Throws: `nonFiniteOutputs`.
  func scored(
    _ task: String, of images: ImageDataset, by method: String
  ) throws(EvaluationError) -> ScoredPredictions {
    guard let predicted = predicted[task] else {
      preconditionFailure("a single pass shows images of \(task)")
    }
    try predicted.scorer.checkFinite(task, by: method)
    return predicted.scorer.scored(at: predicted.places, of: images.samples.ids)
  }

  /// Whether the predictions are of images and classes of `workbench`: what was kept may be anything.
  func isOf(_ workbench: Workbench, tasks: [String]) -> Bool {
    predicted.allSatisfy { name, predicted in
      guard tasks.contains(name) else { return false }
      let open = workbench[name]
      let classCount = open.labels.classNames.count
      return predicted.scorer.statistics.classCount == classCount
        && predicted.places.allSatisfy { $0 < open.images.count }
        && predicted.scorer.scores.allSatisfy { $0.label < classCount && $0.predicted < classCount }
    }
  }
}
