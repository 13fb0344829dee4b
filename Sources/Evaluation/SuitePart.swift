internal import Configuration
internal import Foundation

/// What a suite names a file or a folder for, by its key.
enum SuitePart: String, Hashable, Sendable {
  case base, images, expert, head

  /// What has to lie there.
  var belongs: String {
    switch self {
    case .base: "put there the pretrained checkpoint: \(Self.checkpoint) as 'base'"
    case .expert: "put there the fine-tuned checkpoint: \(Self.checkpoint) as the task's 'expert'"
    case .head:
      "put there the classifier: safetensors with 'weight' [classes, features] and class_names, an "
        + "official head_<Task>.pt, or what mergeshift head makes from class names"
    case .images:
      "there should be one folder of images for each class, named as the head's classes, or a CSV "
        + "file with the columns path,label under 'manifest'"
    }
  }

  private static let checkpoint =
    "config.json and model.safetensors, as save_pretrained of transformers writes them, or name a "
    + "file of weights in open_clip's names"
}

/// A part of a suite: of a task, or of all.
struct SuitePlace: Hashable, Sendable {
  let part: SuitePart
  let task: String?

  init(_ part: SuitePart, of task: String? = nil) {
    self.part = part
    self.task = task
  }
}

extension TaskSuite {
  /// What is wrong with a part, after the place where the suite's file names it:
  /// `suite.yaml:7: tasks[2].head: ...`.
  func problem(_ place: SuitePlace, _ text: String) -> String {
    places[place].map { "\($0): \(text)" } ?? text
  }

  /// What an error says about a part and what belongs there, one text for each thing that is wrong.
  func problems(_ place: SuitePlace, _ error: EvaluationError) -> [String] {
    switch error {
    case .unsuitable(let file, let problems):
      problems.map { problem(place, "\(file): \($0); take a copy that is whole") }
    case .model, .checkpoint, .stream, .dataset, .image:
      [problem(place, "\(error); \(place.part.belongs)")]
    // They say what would be right.
    default: [problem(place, "\(error)")]
    }
  }

  /// Whether there is nothing at `path`, and then the text that says so and what belongs there.
  func missing(_ place: SuitePlace, at path: String) -> String? {
    guard !FileManager.default.fileExists(atPath: path) else { return nil }
    return problem(place, "\(path): no such file or folder; \(place.part.belongs)")
  }
}
