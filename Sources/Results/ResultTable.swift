internal import Statistics
internal import TensorCore

/// The table of results, `results.csv`: one line per task and cell, made from the records of the
/// finished cells. docs/results-schema.md defines every column.
///
/// Shares are 0 to 1, entropies in nats, numbers in full precision; what was not measured is empty.
public enum ResultTable {
  public static let table = CSVTable<ResultRecord>(
    setting + streams + measures + adaptation + outcome + provenance)

  public static func csv(_ records: [ResultRecord]) -> String { table.csv(records) }

  /// Writes the table in the place of whatever `path` holds; a reader sees the old one or the new.
  public static func write(_ records: [ResultRecord], to path: String) throws(ResultError) {
    try table.write(records, to: path)
  }

  private typealias Column = CSVTable<ResultRecord>.Column

  private static let setting: [Column] = [
    Column("method") { .text($0.method) },
    Column("backbone") { .text($0.backbone) },
    Column("task") { .text($0.task) },
    Column("seen") { .flag($0.seen) },
    Column("corruption") { .text($0.corruption) },
    Column("severity") { $0.severityField },
    Column("protocol") { .text($0.protocolName) },
    Column("seed") { .text("\($0.record.provenance.seed)") },
    Column("samples") { CSVField($0.measurement?.samples) },
    Column("accuracy") { CSVField($0.measurement?.accuracy) },
    Column("mean_entropy_nats") { CSVField($0.measurement?.meanEntropy) },
    Column("seconds") { .number($0.record.seconds) },
    Column("experiment") { .text($0.experiment) },
    Column("method_options") { .text($0.methodOptions) },
    Column("is_grid_point") { .flag($0.isGridPoint) },
    Column("adaptation") { .text($0.adaptation) },
    Column("profile") { .text($0.profile) },
  ]

  private static let streams: [Column] = [
    Column("adapt_stream") { .text($0.adaptStream) },
    Column("evaluate_stream") { .text($0.evaluateStream) },
    Column("boundary") { CSVField($0.boundary) },
  ]

  private static let measures: [Column] = [
    Column("accuracy_low") { CSVField($0.measurement?.accuracyInterval.low) },
    Column("accuracy_high") { CSVField($0.measurement?.accuracyInterval.high) },
    Column("error") { CSVField($0.measurement?.error) },
    Column("nll_nats") { CSVField($0.measurement?.negativeLogLikelihood) },
    Column("ece") { CSVField($0.measurement?.expectedCalibrationError) },
    Column("brier") { CSVField($0.measurement?.brierScore) },
    Column("largest_class_share") { CSVField($0.measurement?.largestPredictedClassShare) },
    Column("mean_prediction_entropy_nats") { CSVField($0.measurement?.meanPredictionEntropy) },
    Column("entropy_loss_spearman") { CSVField($0.measurement?.entropyLossSpearman) },
  ]

  private static let adaptation: [Column] = [
    Column("clamped_share") { CSVField($0.record.adaptation?.clampedShare) },
    Column("steps") { CSVField($0.record.adaptation?.steps) },
    Column("seconds_per_step") { CSVField($0.record.adaptation?.secondsPerStep) },
    Column("adaptation_seconds") { .number($0.record.adaptationSeconds) },
    Column("peak_memory_bytes") { .integer($0.record.peakMemoryBytes) },
  ]

  private static let outcome: [Column] = [
    Column("status") { .text($0.status.rawValue) },
    Column("reason") { .text($0.record.failure ?? "") },
    Column("cell") { .text($0.record.key.text) },
  ]

  private static let provenance: [Column] = [
    Column("code_version") { .text($0.record.provenance.codeVersion) },
    Column("recipe_hash") { .text($0.record.provenance.recipeHash ?? "") },
    Column("weights_hash") { .text($0.record.provenance.weightsHash) },
    Column("data_hash") { .text($0.record.provenance.dataHash) },
    Column("threads") { .integer($0.record.provenance.threads) },
    Column("blas") { .text($0.record.provenance.blas) },
    Column("cpu_path") { .text($0.record.provenance.cpuPath) },
    Column("schema_version") { .integer($0.record.schemaVersion) },
  ]
}

extension ResultRecord {
  /// 0 for clean and for mixed images.
  var severityField: CSVField { severity.map { .text($0.description) } ?? .integer(0) }
}
