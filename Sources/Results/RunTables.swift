/// The tables of a run's folder, made from the records alone.
public enum RunTables {
  /// Writes results.csv, comparisons.csv, reliability.csv, steps.csv and coefficients.csv, and
  /// predictions.csv if the store keeps predictions.
  ///
  /// - Parameter rows: those of all finished cells of the plan.
  public static func write(_ rows: [ResultRecord], to store: ResultStore) throws(ResultError) {
    let folder = store.folder
    try ResultTable.write(rows, to: "\(folder)/results.csv")
    try ComparisonTable.table.write(
      ComparisonTable.comparisons(rows), to: "\(folder)/comparisons.csv")
    try ReliabilityTable.table.write(
      ReliabilityTable.rows(rows), to: "\(folder)/reliability.csv")
    try AdaptationTables.write(rows, to: folder)
    guard store.keepsPredictions else { return }
    try PredictionTable.collect(
      rows.map(\.record.key), from: store, to: "\(folder)/predictions.csv")
  }
}
