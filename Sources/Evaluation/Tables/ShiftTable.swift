internal import Foundation
public import Results

/// The results of an experiment whose cells are pairs of streams, as aligned text: a row for each
/// method and stream that it adapted to, of a continual one for each boundary; a column for each stream
/// that was evaluated; accuracies in percent, the mean over tasks and seeds.
///
/// A method with a grid gets rows with the best of the grid and the method as it is in each column, an
/// oracle: it is chosen by the test accuracy.
public struct ShiftTable: Sendable {
  /// What a method adapted to when it was evaluated.
  private struct Origin: Hashable {
    let adaptStream: String
    let boundary: Int?

    var text: String { boundary.map { "phase \($0)" } ?? adaptStream }
  }

  private let experiment: Experiment
  /// In the order of the records.
  private var methods: [MethodRow] = []
  private var origins: [MethodRow: [Origin]] = [:]
  private var columns: [String] = []
  private var accuracies: [MethodRow: [Origin: [String: [Double]]]] = [:]

  /// - Parameter records: rows of other experiments are left out.
  public init(_ experiment: Experiment, records: [ResultRecord]) {
    self.experiment = experiment
    for record in records where record.experiment == experiment.name {
      let method = MethodRow(record)
      let origin = Origin(adaptStream: record.adaptStream, boundary: record.boundary)
      if !methods.contains(method) { methods.append(method) }
      if origins[method]?.contains(origin) != true { origins[method, default: []].append(origin) }
      if !columns.contains(record.evaluateStream) { columns.append(record.evaluateStream) }
      guard let measurement = record.measurement else { continue }
      accuracies[method, default: [:]][origin, default: [:]][
        record.evaluateStream, default: []
      ].append(measurement.accuracy)
    }
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
    for line in MethodRow.lines(of: methods) {
      for origin in origins[line.candidates[0]] ?? [] {
        let values = columns.map { column in
          line.candidates.compactMap { mean($0, origin, column) }.max()
        }
        let known = values.compactMap { $0 }
        let average =
          known.count == columns.count ? known.reduce(0, +) / Double(known.count) : nil
        table.rows.append([line.title, origin.text] + (values + [average]).map(Self.text))
      }
    }
    return table.text
  }

  private func mean(_ method: MethodRow, _ origin: Origin, _ column: String) -> Double? {
    let values = accuracies[method]?[origin]?[column] ?? []
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private static func text(_ value: Double?) -> String {
    value.map { String(format: "%.1f", 100 * $0) } ?? "-"
  }
}
