internal import Foundation
internal import TensorCore

/// What an adaptation went through, as files beside its model.
public struct Trajectory: Sendable {
  public let steps: [AdaptationStep]
  /// The tasks of the stream, and those of the experts.
  public let tasks: [String]
  public let experts: [String]

  public init(_ steps: [AdaptationStep], tasks: [String], experts: [String]) {
    self.steps = steps
    self.tasks = tasks
    self.experts = experts
  }

  /// One row a step: its loss; each task's entropy, largest predicted-class share and entropy of the
  /// mean prediction, empty for a task without images in the step; each expert's mean coefficient.
  public var csv: String {
    var header = ["step", "loss"]
    for column in ["entropy", "largest_class_share", "mean_prediction_entropy"] {
      header += tasks.map { "\(column)_\($0)" }
    }
    header += experts.map { "coefficient_\($0)" }
    let rows = steps.map { step in
      func byTask(_ values: [Double]) -> [String] {
        tasks.map { task in
          step.tasks.firstIndex(of: task).map { "\(values[$0])" } ?? ""
        }
      }
      let values =
        ["\(step.step)", "\(step.loss)"] + byTask(step.entropies)
        + byTask(step.largestClassShares) + byTask(step.meanPredictionEntropies)
        + step.coefficients.map { "\($0)" }
      return values.joined(separator: ",")
    }
    return ([header.map(Self.quoted).joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
  }

  /// Writes `trajectory.json`, every step with all it found, and `trajectory.csv` into `folder`.
  ///
  /// - Throws: `unwritable`.
  public func write(to folder: String) throws(MergingError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    for (name, content) in [
      ("trajectory.json", { try encoder.encode(steps) }), ("trajectory.csv", { Data(csv.utf8) }),
    ] {
      let url = URL(filePath: folder, directoryHint: .isDirectory).appending(path: name)
      do {
        try content().write(to: url, options: .atomic)
      } catch {
        throw .unwritable(
          path: url.path(percentEncoded: false), reason: FileReason.of(error))
      }
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
