internal import Foundation
public import Results

/// The results of experiments that leave one task out each, as aligned text: a row for each method, a
/// column for each task with its accuracy where it was left out, in percent, the mean over streams and
/// seeds.
///
/// A method with a grid gets a row with the best of the grid and the method as it is in each column, an
/// oracle: it is chosen by the test accuracy on the tasks that were merged.
public struct LeaveOneOutTable: Sendable {
  private let name: String
  private var tasks: [String] = []
  /// In the order of the records.
  private var methods: [MethodRow] = []
  /// By the task that was left out.
  private var seen: [MethodRow: [String: [Double]]] = [:]
  private var unseen: [MethodRow: [String: [Double]]] = [:]

  /// - Parameters:
  ///   - name: what the plan calls the experiments together.
  ///   - records: rows of other experiments are left out.
  public init(_ name: String, _ experiments: [Experiment], records: [ResultRecord]) {
    self.name = name
    let leftOut = Dictionary(
      uniqueKeysWithValues: experiments.compactMap { experiment in
        experiment.unseen.first.map { (experiment.name, $0) }
      })
    for record in records {
      guard let task = leftOut[record.experiment], let measurement = record.measurement else {
        continue
      }
      let method = MethodRow(record)
      if !methods.contains(method) { methods.append(method) }
      if !tasks.contains(task) { tasks.append(task) }
      if record.seen {
        seen[method, default: [:]][task, default: []].append(measurement.accuracy)
      } else {
        unseen[method, default: [:]][task, default: []].append(measurement.accuracy)
      }
    }
  }

  /// One line that says what the table shows.
  public var title: String { "\(name): accuracy in % of each task where it is left out" }

  /// The table, each line ended by a line break.
  public var text: String {
    var table = TextTable(header: ["method"] + tasks + ["average"], bars: [tasks.count + 1])
    for line in MethodRow.lines(of: methods) {
      let values = tasks.map { task in
        best(of: line.candidates, task).flatMap { mean(unseen[$0]?[task]) }
      }
      let known = values.compactMap { $0 }
      let average = known.count == tasks.count ? known.reduce(0, +) / Double(known.count) : nil
      table.rows.append(
        [line.title]
          + (values + [average]).map { $0.map { String(format: "%.1f", 100 * $0) } ?? "-" })
    }
    return table.text
  }

  /// The candidate that is best on the tasks that were merged where `task` was left out.
  private func best(of candidates: [MethodRow], _ task: String) -> MethodRow? {
    guard candidates.count > 1 else { return candidates.first }
    return candidates.compactMap { candidate in
      mean(seen[candidate]?[task]).map { (candidate, $0) }
    }.max { $0.1 < $1.1 }?.0
  }

  private func mean(_ values: [Double]?) -> Double? {
    guard let values, !values.isEmpty else { return nil }
    return values.reduce(0, +) / Double(values.count)
  }
}
