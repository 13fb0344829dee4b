/// The tables of what adaptations went through: `steps.csv` with a line for each cell, step and task,
/// and `coefficients.csv` with a line for each cell, expert and layer. A cell that several experiments
/// share stands once.
public enum AdaptationTables {
  /// One task of one step.
  private struct StepRow: Sendable {
    let cell: String
    let step: AdaptationSummary.Step
    /// Among the step's tasks.
    let place: Int
    /// Among the experts; nil for a task whose expert is not merged.
    let expert: Int?
  }

  /// One coefficient.
  private struct CoefficientRow: Sendable {
    let cell: String
    let expert: String
    let layer: String
    let coefficient: Double
  }

  /// `loss` is that of the whole step, `coefficient` the mean over the layers of the task's own
  /// expert.
  private static let stepTable = CSVTable<StepRow>([
    .init("cell") { .text($0.cell) },
    .init("step") { .integer($0.step.step) },
    .init("task") { .text($0.step.tasks[$0.place]) },
    .init("loss") { .number($0.step.loss) },
    .init("mean_entropy_nats") { .number($0.step.meanEntropies[$0.place]) },
    .init("largest_class_share") { .number($0.step.largestClassShares[$0.place]) },
    .init("mean_prediction_entropy_nats") { .number($0.step.meanPredictionEntropies[$0.place]) },
    .init("coefficient") { row in CSVField(row.expert.map { row.step.coefficients[$0] }) },
    .init("online_correct") { CSVField($0.step.onlineCorrect?[$0.place]) },
    .init("online_samples") { CSVField($0.step.onlineSamples?[$0.place]) },
  ])

  /// The coefficients that were evaluated.
  private static let coefficientTable = CSVTable<CoefficientRow>([
    .init("cell") { .text($0.cell) },
    .init("expert") { .text($0.expert) },
    .init("layer") { .text($0.layer) },
    .init("coefficient") { .number($0.coefficient) },
  ])

  private static func stepRows(_ records: [ResultRecord]) -> [StepRow] {
    summaries(records).flatMap { cell, summary in
      summary.trajectory.flatMap { step in
        step.tasks.enumerated().map { place, task in
          StepRow(
            cell: cell, step: step, place: place, expert: summary.experts.firstIndex(of: task))
        }
      }
    }
  }

  private static func coefficientRows(_ records: [ResultRecord]) -> [CoefficientRow] {
    summaries(records).flatMap { cell, summary in
      summary.experts.enumerated().flatMap { expert, task in
        summary.layers.enumerated().map { layer, name in
          CoefficientRow(
            cell: cell, expert: task, layer: name,
            coefficient: summary.coefficients[expert * summary.layers.count + layer])
        }
      }
    }
  }

  /// The trajectories as CSV text.
  public static func steps(_ records: [ResultRecord]) -> String {
    stepTable.csv(stepRows(records))
  }

  /// The coefficients as CSV text.
  public static func coefficients(_ records: [ResultRecord]) -> String {
    coefficientTable.csv(coefficientRows(records))
  }

  /// Writes `steps.csv` and `coefficients.csv` into `folder`.
  public static func write(_ records: [ResultRecord], to folder: String) throws(ResultError) {
    try stepTable.write(stepRows(records), to: "\(folder)/steps.csv")
    try coefficientTable.write(coefficientRows(records), to: "\(folder)/coefficients.csv")
  }

  /// Of the cells that adapted, each once.
  private static func summaries(
    _ records: [ResultRecord]
  ) -> [(cell: String, summary: AdaptationSummary)] {
    var written: Set<CellKey> = []
    return records.map(\.record).compactMap { record in
      guard let summary = record.adaptation, written.insert(record.key).inserted else { return nil }
      return (record.key.text, summary)
    }
  }
}
