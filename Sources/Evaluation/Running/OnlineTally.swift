internal import Checkpoints
internal import Streams
internal import TensorCore
internal import VisionModels

/// The predictions of a prequential evaluation, collected step by step.
struct OnlineTally {
  /// By task: how many images a step predicted, and how many of them right.
  struct Counts: Codable {
    var samples: [String: Int] = [:]
    var correct: [String: Int] = [:]
  }

  private(set) var steps: [Counts] = []
  private var samples: [String: [SampleID]] = [:]
  private var logits: [String: [Tensor]] = [:]

  init() {}

  /// One that goes on from what was predicted.
  init(steps: [Counts], samples: [String: [SampleID]], logits: [String: [Tensor]]) {
    self.steps = steps
    self.samples = samples
    self.logits = logits
  }

  /// Those of which images were predicted.
  var tasks: [String] { samples.keys.sorted() }

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
      let output = open.head.logits(
        of: workbench.encoder.features(of: pixels, parameters: parameters))
      let ids = batch.items.map(\.sample.id)
      let correct = Accuracy.correct(
        Predictions(samples: ids, logits: output), labels: open.labels)
      counts.samples[batch.task, default: 0] += ids.count
      counts.correct[batch.task, default: 0] += correct
      samples[batch.task, default: []] += ids
      logits[batch.task, default: []].append(output)
    }
    steps.append(counts)
  }

  /// All predictions of a task so far, in the order of the stream.
  func predictions(of task: String) -> Predictions {
    Predictions(samples: samples[task]!, logits: Tensor.concatenating(logits[task]!))
  }
}
