internal import Foundation
internal import TensorCore

/// The tidy table of results: RFC 4180, one line per task and cell, made from the records of the
/// finished cells.
///
/// Shares are 0 to 1, entropies in nats, numbers in full precision; what was not measured is empty.
public enum ResultTable {
  /// A column of the table.
  public struct Column: Sendable {
    /// As the header shows it.
    public let name: String
    let value: @Sendable (ResultRecord) -> String
  }

  /// The columns, in order.
  public static let columns: [Column] = [
    Column(name: "method") { $0.method },
    Column(name: "backbone") { $0.backbone },
    Column(name: "task") { $0.task },
    Column(name: "seen") { $0.seen ? "true" : "false" },
    Column(name: "corruption") { $0.corruption },
    Column(name: "severity") { $0.severity?.description ?? "0" },
    Column(name: "protocol") { $0.protocolName },
    Column(name: "seed") { "\($0.record.provenance.seed)" },
    Column(name: "samples") { $0.measurement.map { "\($0.samples)" } ?? "" },
    Column(name: "accuracy") { $0.measurement.map { "\($0.accuracy)" } ?? "" },
    Column(name: "mean_entropy") { $0.measurement.map { "\($0.meanEntropy)" } ?? "" },
    Column(name: "seconds") { "\($0.record.seconds)" },
    Column(name: "experiment") { $0.experiment },
    Column(name: "method_options") { $0.methodOptions },
    Column(name: "is_grid_point") { $0.isGridPoint ? "true" : "false" },
    Column(name: "adaptation") { $0.adaptation },
    Column(name: "profile") { $0.profile },
    Column(name: "adapt_stream") { $0.adaptStream },
    Column(name: "evaluate_stream") { $0.evaluateStream },
    Column(name: "boundary") { $0.boundary.map { "\($0)" } ?? "" },
    Column(name: "largest_class_share") {
      $0.measurement.map { "\($0.largestPredictedClassShare)" } ?? ""
    },
    Column(name: "mean_prediction_entropy") {
      $0.measurement.map { "\($0.meanPredictionEntropy)" } ?? ""
    },
    Column(name: "clamped_share") {
      $0.record.adaptation?.clampedShare.map { "\($0)" } ?? ""
    },
    Column(name: "steps") { $0.record.adaptation.map { "\($0.steps)" } ?? "" },
    Column(name: "seconds_per_step") {
      $0.record.adaptation.map { "\($0.secondsPerStep)" } ?? ""
    },
    Column(name: "adaptation_seconds") { "\($0.record.adaptationSeconds)" },
    Column(name: "peak_memory_bytes") { "\($0.record.peakMemoryBytes)" },
    Column(name: "status") { $0.status.rawValue },
    Column(name: "reason") { $0.record.failure ?? "" },
    Column(name: "cell") { $0.record.key.text },
    Column(name: "code_version") { $0.record.provenance.codeVersion },
    Column(name: "recipe_hash") { $0.record.provenance.recipeHash ?? "" },
    Column(name: "weights_hash") { $0.record.provenance.weightsHash },
    Column(name: "data_hash") { $0.record.provenance.dataHash },
    Column(name: "threads") { "\($0.record.provenance.threads)" },
    Column(name: "blas") { $0.record.provenance.blas },
    Column(name: "cpu_path") { $0.record.provenance.cpuPath },
    Column(name: "schema_version") { "\($0.record.schemaVersion)" },
  ]

  /// The table as CSV text; lines end with CRLF.
  public static func csv(_ records: [ResultRecord]) -> String {
    let header = columns.map { field($0.name) }.joined(separator: ",")
    let lines = records.map { record in
      columns.map { field($0.value(record)) }.joined(separator: ",")
    }
    return ([header] + lines).map { $0 + "\r\n" }.joined()
  }

  /// Writes the table in the place of whatever `path` holds; a reader sees the old one or the new.
  public static func write(_ records: [ResultRecord], to path: String) throws(ResultError) {
    try AtomicFile.replace(path, with: Data(csv(records).utf8))
  }

  /// A field, in quotes where a comma, a quote or a line break needs them.
  package static func field(_ text: String) -> String {
    let special = text.utf8.contains {
      [UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains($0)
    }
    guard special else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
