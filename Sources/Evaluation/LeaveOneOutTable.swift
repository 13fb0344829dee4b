internal import Foundation
public import Results

/// The results of experiments that leave one task out each, as aligned text: a row for each method, a
/// column for each task with its accuracy where it was left out, in percent, the mean over streams and
/// seeds.
public struct LeaveOneOutTable: Sendable {
  private let name: String
  private var tasks: [String] = []
  private var methods: [String] = []
  private var accuracies: [String: [String: [Double]]] = [:]

  /// - Parameters:
  ///   - name: what the plan calls the experiments together.
  ///   - records: rows of other experiments, of seen tasks and of grid points are left out.
  public init(_ name: String, _ experiments: [Experiment], records: [ResultRecord]) {
    self.name = name
    let names = Set(experiments.map(\.name))
    for record in records where names.contains(record.experiment) && !record.seen {
      guard !record.isGridPoint, let measurement = record.measurement else { continue }
      let method =
        record.methodOptions.isEmpty ? record.method : "\(record.method) (\(record.methodOptions))"
      if !methods.contains(method) { methods.append(method) }
      if !tasks.contains(record.task) { tasks.append(record.task) }
      accuracies[method, default: [:]][record.task, default: []].append(measurement.accuracy)
    }
  }

  /// One line that says what the table shows.
  public var title: String { "\(name): accuracy in % of each task where it is left out" }

  /// The table, each line ended by a line break.
  public var text: String {
    var table = TextTable(header: ["method"] + tasks + ["average"], bars: [tasks.count + 1])
    for method in methods {
      let means = tasks.map { task in
        let values = accuracies[method]?[task] ?? []
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
      let known = means.compactMap { $0 }
      let average = known.count == tasks.count ? known.reduce(0, +) / Double(known.count) : nil
      table.rows.append(
        [method]
          + (means + [average]).map { $0.map { String(format: "%.1f", 100 * $0) } ?? "-" })
    }
    return table.text
  }
}
