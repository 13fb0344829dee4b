internal import Foundation
public import Results
internal import Streams
internal import TensorCore

/// The results of an experiment in the shape of the paper's tables, as aligned text.
///
/// - One domain: methods by tasks (the paper's eight-task table); with unseen tasks, the seen ones
///   and their average, then the unseen ones and theirs.
/// - Several domains: methods by domains, each the average over the tasks (the corruption table);
///   with unseen tasks, one such table for the seen ones and one for the unseen ones.
///
/// Accuracies are in percent, the mean over seeds. A method with a grid gets a second row with its
/// best grid point of each column's average, an oracle: it is chosen by the test accuracy. The last
/// column counts the (task, domain) pairs on which a method is worse than plain task arithmetic,
/// which averages hide.
public struct PaperTables: Sendable {
  private static let baseline = MethodChoice(name: "task-arithmetic")

  private struct Place: Hashable {
    let method: String
    let options: String
    let task: String
    let domain: String
    let severity: Severity?
  }

  private let experiment: Experiment
  private var accuracies: [Place: [Double]] = [:]
  private var failures: Set<Place> = []

  /// - Parameter records: rows of other experiments are left out.
  public init(_ experiment: Experiment, records: [ResultRecord]) {
    self.experiment = experiment
    for row in records where row.experiment == experiment.name {
      let place = Place(
        method: row.method, options: row.methodOptions, task: row.task, domain: row.corruption,
        severity: row.severity)
      if let measurement = row.measurement {
        accuracies[place, default: []].append(measurement.accuracy)
      } else {
        failures.insert(place)
      }
    }
  }

  /// The table or tables with their heading, each line ended by a line break.
  public var text: String {
    if experiment.domains.count == 1 {
      return taskTable(experiment.domains[0]).text
    }
    if experiment.unseen.isEmpty { return domainTable(experiment.seen).text }
    return "seen tasks:\n\(domainTable(experiment.seen).text)\n"
      + "unseen tasks:\n\(domainTable(experiment.unseen).text)"
  }

  /// One line that says what the table shows.
  public var title: String {
    let domains = experiment.domains
    let severities = Set(domains.compactMap(\.severity)).sorted()
    var parts = ["accuracy in %"]
    if domains.count == 1 {
      parts.append(domains[0] == .clean ? "clean images" : "\(domains[0])")
    } else {
      parts.append("average over \(experiment.seen.count) tasks")
      if severities.count == 1 { parts.append("severity \(severities[0])") }
    }
    parts.append(experiment.adaptation.title)
    let seeds = experiment.seeds
    parts.append(seeds.count == 1 ? "seed \(seeds[0])" : "mean over \(seeds.count) seeds")
    return "\(experiment.name): \(parts.joined(separator: ", "))"
  }

  // MARK: Tables

  private enum Column {
    case task(String)
    case average([String])
  }

  private func taskTable(_ domain: Domain) -> TextTable {
    let (seen, unseen) = (experiment.seen, experiment.unseen)
    var columns = seen.map { Column.task($0) } + [.average(seen)]
    var header = ["method"] + seen + [unseen.isEmpty ? "average" : "seen average"]
    var bars: Set<Int> = [seen.count + 1]
    if !unseen.isEmpty {
      bars.insert(columns.count + 1)
      columns += unseen.map { .task($0) } + [.average(unseen)]
      header += unseen + ["unseen average"]
      bars.insert(columns.count)
    }
    return table(header, bars) { method in
      columns.map { column in
        switch column {
        case .task(let task): text(accuracy(method, [task], domain), method, [task], [domain])
        case .average(let tasks): text(accuracy(method, tasks, domain), method, tasks, [domain])
        }
      }
    } oracle: { candidates in
      // One grid point for the whole row: the best on the seen tasks.
      let best = candidates.max { left, right in
        accuracy(left, seen, domain) ?? -1 < accuracy(right, seen, domain) ?? -1
      }!
      return columns.map { column in
        switch column {
        case .task(let task): text(accuracy(best, [task], domain), best, [task], [domain])
        case .average(let tasks): text(accuracy(best, tasks, domain), best, tasks, [domain])
        }
      }
    }
  }

  private func domainTable(_ tasks: [String]) -> TextTable {
    let domains = experiment.domains
    let severities = Set(domains.compactMap(\.severity))
    let names = domains.map { severities.count > 1 ? $0.description : $0.name }
    let corrupted = domains.filter { $0 != .clean }
    let header = ["method"] + names + ["corrupted average"]
    return table(header, [names.count + 1]) { method in
      domains.map { text(accuracy(method, tasks, $0), method, tasks, [$0]) }
        + [text(mean(corrupted.map { accuracy(method, tasks, $0) }), method, tasks, corrupted)]
    } oracle: { candidates in
      let best = domains.map { domain in
        candidates.map { accuracy($0, tasks, domain) }.max { ($0 ?? -1) < ($1 ?? -1) }!
      }
      let bestCorrupted = zip(domains, best).filter { $0.0 != .clean }.map(\.1)
      return (best + [mean(bestCorrupted)]).map { text($0, nil, tasks, []) }
    }
  }

  private func table(
    _ header: [String], _ bars: Set<Int>, values: (MethodChoice) -> [String],
    oracle: ([MethodChoice]) -> [String]
  ) -> TextTable {
    let methods = experiment.methods
    let hasBaseline = methods.contains(Self.baseline)
    var table = TextTable(header: header, bars: bars)
    if hasBaseline {
      table.bars.insert(header.count)
      table.header.append("worse_than_t.a.")
    }
    for method in methods where !method.isGridPoint {
      table.rows.append(
        [method.title] + values(method) + (hasBaseline ? [worseThanBaseline(method)] : []))
      let grid = methods.filter { $0.isGridPoint && $0.name == method.name }
      let isLast = methods.last { !$0.isGridPoint && $0.name == method.name } == method
      guard isLast, !grid.isEmpty else { continue }
      let candidates = methods.filter { $0.name == method.name }
      table.rows.append(
        ["\(method.name) (best of grid: oracle)"] + oracle(candidates) + (hasBaseline ? [""] : []))
    }
    return table
  }

  // MARK: Values

  /// The mean over tasks of the mean over seeds; nil unless every task and seed was measured.
  private func accuracy(_ method: MethodChoice, _ tasks: [String], _ domain: Domain) -> Double? {
    mean(
      tasks.map { task in
        let values = accuracies[place(method, task, domain)] ?? []
        guard values.count == experiment.seeds.count else { return nil }
        return values.reduce(0, +) / Double(values.count)
      })
  }

  private func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0 }
    guard known.count == values.count, !known.isEmpty else { return nil }
    return known.reduce(0, +) / Double(known.count)
  }

  private func text(
    _ value: Double?, _ method: MethodChoice?, _ tasks: [String], _ domains: [Domain]
  ) -> String {
    if let value { return String(format: "%.1f", 100 * value) }
    guard let method else { return "-" }
    let hasFailed = tasks.contains { task in
      domains.contains { failures.contains(place(method, task, $0)) }
    }
    return hasFailed ? "failed" : "-"
  }

  private func worseThanBaseline(_ method: MethodChoice) -> String {
    guard method != Self.baseline else { return "" }
    var (worse, total) = (0, 0)
    for task in experiment.tasks {
      for domain in experiment.domains {
        guard let value = accuracy(method, [task], domain),
          let reference = accuracy(Self.baseline, [task], domain)
        else { continue }
        total += 1
        if value < reference { worse += 1 }
      }
    }
    return total == 0 ? "-" : "\(worse)/\(total)"
  }

  private func place(_ method: MethodChoice, _ task: String, _ domain: Domain) -> Place {
    Place(
      method: method.name, options: method.optionsText, task: task, domain: domain.name,
      severity: domain.severity)
  }
}
