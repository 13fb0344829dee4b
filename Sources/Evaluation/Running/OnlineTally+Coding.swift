internal import Streams
internal import TensorCore

/// For states of adaptations that go on later; numbers come back exactly.
extension OnlineTally: Codable {
  /// The predictions of one task.
  private struct Predicted: Codable {
    let samples: [String]
    let classes: Int
    /// `[samples, classes]`
    let logits: [Float]
  }

  private enum CodingKeys: String, CodingKey {
    case steps, tasks
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let tasks = try container.decode([String: Predicted].self, forKey: .tasks)
    for (task, predicted) in tasks {
      let (count, isTooLarge) = predicted.samples.count.multipliedReportingOverflow(
        by: predicted.classes)
      guard !isTooLarge, count > 0, count == predicted.logits.count else {
        throw DecodingError.dataCorruptedError(
          forKey: .tasks, in: container, debugDescription: "\(task): not a row for each sample")
      }
    }
    self.init(
      steps: try container.decode([Counts].self, forKey: .steps),
      samples: tasks.mapValues { $0.samples.map(SampleID.init) },
      logits: tasks.mapValues {
        [Tensor(shape: [$0.samples.count, $0.classes], values: $0.logits)]
      })
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(steps, forKey: .steps)
    var tasks: [String: Predicted] = [:]
    for task in self.tasks {
      let predictions = predictions(of: task)
      tasks[task] = Predicted(
        samples: predictions.samples.map(\.text), classes: predictions.classCount,
        logits: predictions.logits.values)
    }
    try container.encode(tasks, forKey: .tasks)
  }
}
