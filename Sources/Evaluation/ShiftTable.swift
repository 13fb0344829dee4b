internal import Foundation
public import Results
internal import Streams
internal import TensorCore

/// The results of an experiment whose cells are pairs of streams, as aligned text: a row for each
/// method and stream that it adapted to, of a continual one for each boundary; a column for each stream
/// that was evaluated; accuracies in percent, the mean over tasks and seeds.
public struct ShiftTable: Sendable {
  private struct Row: Hashable {
    let method: String
    let adaptStream: String
    let boundary: Int?
  }

  private let experiment: Experiment
  private var rows: [Row] = []
  private var columns: [String] = []
  private var accuracies: [Row: [String: [Double]]] = [:]

  /// - Parameter records: rows of other experiments, and of grid points, are left out.
  public init(_ experiment: Experiment, records: [ResultRecord]) {
    self.experiment = experiment
    for record in records where record.experiment == experiment.name && !record.isGridPoint {
      let method =
        record.methodOptions.isEmpty ? record.method : "\(record.method) (\(record.methodOptions))"
      let row = Row(method: method, adaptStream: record.adaptStream, boundary: record.boundary)
      if !rows.contains(row) { rows.append(row) }
      if !columns.contains(record.evaluateStream) { columns.append(record.evaluateStream) }
      guard let measurement = record.measurement else { continue }
      accuracies[row, default: [:]][record.evaluateStream, default: []].append(
        measurement.accuracy)
    }
    // The rows of a method stand together.
    let methods = rows.map(\.method)
    rows = rows.enumerated().sorted { left, right in
      let (a, b) = (
        methods.firstIndex(of: left.element.method)!, methods.firstIndex(of: right.element.method)!
      )
      return a == b ? left.offset < right.offset : a < b
    }.map(\.element)
  }

  /// One line that says what the table shows.
  public var title: String {
    let seeds = experiment.seeds
    let parts = [
      "accuracy in %", "average over \(experiment.tasks.count) tasks",
      experiment.streams.name.rawValue,
      experiment.adaptation.title, seeds.count == 1 ? "seed \(seeds[0])" : "\(seeds.count) seeds",
    ]
    return "\(experiment.name): \(parts.joined(separator: ", "))"
  }

  /// The table, each line ended by a line break.
  public var text: String {
    var table = TextTable(
      header: ["method", "adapted to"] + columns + ["average"], bars: [2, columns.count + 2])
    for row in rows {
      let means = columns.map { mean(accuracies[row]?[$0] ?? []) }
      let known = means.compactMap { $0 }
      table.rows.append(
        [row.method, row.boundary.map { "phase \($0)" } ?? row.adaptStream]
          + means.map(Self.text) + [Self.text(known.count == columns.count ? mean(known) : nil)])
    }
    return table.text
  }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private static func text(_ value: Double?) -> String {
    value.map { String(format: "%.1f", 100 * $0) } ?? "-"
  }
}
