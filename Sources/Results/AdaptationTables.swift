internal import Foundation

/// The tables of what adaptations went through, RFC 4180 as `ResultTable`: steps.csv with a line for
/// each cell, step and task, and coefficients.csv with a line for each cell, expert and layer. A cell
/// that several experiments share stands once.
public enum AdaptationTables {
  static let stepColumns = [
    "cell", "step", "task", "loss", "mean_entropy_nats", "largest_class_share",
    "mean_prediction_entropy_nats", "coefficient", "online_correct", "online_samples",
  ]
  static let coefficientColumns = ["cell", "expert", "layer", "coefficient"]

  /// The trajectories as CSV text. `loss` is that of the whole step, `coefficient` the mean over the
  /// layers of the task's own expert.
  public static func steps(_ records: [ResultRecord]) -> String {
    table(stepColumns, records) { key, summary in
      summary.trajectory.flatMap { step in
        step.tasks.indices.map { place in
          let task = step.tasks[place]
          let expert = summary.experts.firstIndex(of: task)
          return [
            key, "\(step.step)", task, "\(step.loss)", "\(step.meanEntropies[place])",
            "\(step.largestClassShares[place])", "\(step.meanPredictionEntropies[place])",
            expert.map { "\(step.coefficients[$0])" } ?? "",
            step.onlineCorrect.map { "\($0[place])" } ?? "",
            step.onlineSamples.map { "\($0[place])" } ?? "",
          ]
        }
      }
    }
  }

  /// The coefficients that were evaluated as CSV text.
  public static func coefficients(_ records: [ResultRecord]) -> String {
    table(coefficientColumns, records) { key, summary in
      summary.experts.indices.flatMap { expert in
        summary.layers.indices.map { layer in
          [
            key, summary.experts[expert], summary.layers[layer],
            "\(summary.coefficients[expert * summary.layers.count + layer])",
          ]
        }
      }
    }
  }

  /// Writes `steps.csv` and `coefficients.csv` into `folder`.
  public static func write(_ records: [ResultRecord], to folder: String) throws(ResultError) {
    try AtomicFile.replace("\(folder)/steps.csv", with: Data(steps(records).utf8))
    try AtomicFile.replace("\(folder)/coefficients.csv", with: Data(coefficients(records).utf8))
  }

  private static func table(
    _ header: [String], _ records: [ResultRecord],
    _ rows: (_ key: String, AdaptationSummary) -> [[String]]
  ) -> String {
    var written: Set<CellKey> = []
    var lines = [header]
    for record in records.map(\.record) {
      guard let summary = record.adaptation, written.insert(record.key).inserted else { continue }
      lines += rows(record.key.text, summary)
    }
    return lines.map { $0.map(ResultTable.field).joined(separator: ",") + "\r\n" }.joined()
  }
}
