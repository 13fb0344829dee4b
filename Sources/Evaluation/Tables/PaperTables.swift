internal import Foundation
public import Results
internal import Streams
internal import TensorCore

/// The results of an experiment in the shape of the paper's tables, as aligned text.
///
/// - One domain, or one stream of several that are mixed: methods by tasks (the paper's eight-task table); with unseen tasks, the seen ones
///   and their average, then the unseen ones and theirs.
/// - Several domains: methods by domains, each the average over the tasks (the corruption table),
///   with the mean corruption error and, if clean images are among them, the relative one; with
///   unseen tasks, one such table for the seen ones and one for the unseen ones.
///
/// Accuracies are in percent; of several seeds the mean and the sample standard deviation. A method
/// with a grid gets a second row with its best grid point of each column's average, an oracle: it is
/// chosen by the test accuracy.
///
/// Where the baseline is among the methods, the columns after the averages say what a method gains
/// over it and over the oracles of task arithmetic and TIES, in points, and on how many (task,
/// domain) pairs it is worse than the baseline, which averages hide.
public struct PaperTables: Sendable {
  /// What methods are compared to unless told otherwise.
  public static let standardBaseline = "task-arithmetic"
  /// The methods whose best grid points are baselines too.
  private static let tunedMethods = ["task-arithmetic", "ties"]

  /// What a row shows.
  enum Line: Hashable {
    case method(MethodChoice)
    /// The best of a method's grid and the method as it is, chosen anew for each domain.
    case oracle(name: String, candidates: [MethodChoice])
  }

  let experiment: Experiment
  /// The images that are evaluated: of a domain each, or mixed ones.
  let phases: [ShiftPhase]
  let accuracies: MeasuredAccuracies
  /// Nil if the experiment does not have it.
  let baseline: Line?
  /// As headings call it.
  let baselineLabel: String
  private let lines: [Line]

  /// - Parameters:
  ///   - records: rows of other experiments are left out.
  ///   - baseline: the method that gains and corruption errors refer to, as tables call it:
  ///     `ties (lambda=0.4)`, or by its name alone, then with its own options if the experiment has it
  ///     so, else as it has it first.
  public init(
    _ experiment: Experiment, records: [ResultRecord],
    baseline name: String = PaperTables.standardBaseline
  ) {
    self.experiment = experiment
    phases = experiment.streams.evaluated(experiment.domains)
    accuracies = MeasuredAccuracies(experiment, records: records)
    baseline = experiment.method(called: name).map { .method($0) }
    baselineLabel = Self.label(name)
    lines = Self.lines(experiment.methods)
  }

  /// Every method, and after the last choice of one with a grid its oracle.
  private static func lines(_ methods: [MethodChoice]) -> [Line] {
    methods.filter { !$0.isGridPoint }.flatMap { method -> [Line] in
      let candidates = methods.filter { $0.name == method.name }
      let isLast = candidates.last { !$0.isGridPoint } == method
      guard isLast, candidates.contains(where: \.isGridPoint) else { return [.method(method)] }
      return [.method(method), .oracle(name: method.name, candidates: candidates)]
    }
  }

  static func label(_ method: String) -> String {
    method == standardBaseline ? "t.a." : method
  }

  /// The table or tables with their heading, each line ended by a line break.
  public var text: String {
    if phases.count == 1 { return taskTable(phases[0]).text }
    if experiment.unseen.isEmpty { return domainTable(experiment.seen).text }
    return "seen tasks:\n\(domainTable(experiment.seen).text)\n"
      + "unseen tasks:\n\(domainTable(experiment.unseen).text)"
  }

  /// One line that says what the table shows.
  public var title: String {
    let severities = Set(experiment.domains.compactMap(\.severity)).sorted()
    var parts = ["accuracy in %"]
    if let domain = phases[0].domain, phases.count == 1 {
      parts.append(domain == .clean ? "clean images" : "\(domain)")
    } else if phases.count == 1 {
      let domains = phases[0].domains.map(\.description).joined(separator: ", ")
      parts.append("each image under one of \(domains)")
    } else {
      parts.append("average over \(experiment.seen.count) tasks")
      if severities.count == 1 { parts.append("severity \(severities[0])") }
    }
    parts.append(experiment.adaptation.title)
    let seeds = experiment.seeds
    parts.append(
      seeds.count == 1
        ? "seed \(seeds[0])" : "mean±standard deviation over \(seeds.count) seeds")
    return "\(experiment.name): \(parts.joined(separator: ", "))"
  }

  // MARK: Tables

  private func taskTable(_ phase: ShiftPhase) -> TextTable {
    let (seen, unseen) = (experiment.seen, experiment.unseen)
    func accuracy(_ heading: String, _ tasks: [String], isAverage: Bool = false) -> Column {
      Column(heading, hasBar: isAverage) { line in
        text(
          values(of: line, tasks, phase, chosenOn: seen), line, tasks, [phase])
      }
    }
    var columns =
      seen.map { accuracy($0, [$0]) }
      + [accuracy(unseen.isEmpty ? "average" : "seen average", seen, isAverage: true)]
    if !unseen.isEmpty {
      columns += unseen.enumerated().map { accuracy($1, [$1], isAverage: $0 == 0) }
      columns.append(accuracy("unseen average", unseen, isAverage: true))
    }
    columns += gainColumns(unseen.isEmpty ? "gain" : "seen gain") {
      values(of: $0, seen, phase, chosenOn: seen)
    }
    if !unseen.isEmpty {
      columns += gainColumns("unseen gain") { values(of: $0, unseen, phase, chosenOn: seen) }
    }
    return table(columns + worseColumns)
  }

  private func domainTable(_ tasks: [String]) -> TextTable {
    let severities = Set(experiment.domains.compactMap(\.severity))
    let corrupted = phases.filter { $0.domain != .clean }
    func average(_ line: Line) -> SeedValues? {
      SeedValues.mean(corrupted.map { values(of: line, tasks, $0, chosenOn: tasks) })
    }
    var columns = phases.map { phase in
      Column(severities.count > 1 ? phase.domain?.description ?? phase.name : phase.name) { line in
        text(values(of: line, tasks, phase, chosenOn: tasks), line, tasks, [phase])
      }
    }
    columns.append(
      Column("corrupted average", hasBar: true) { text(average($0), $0, tasks, corrupted) })
    columns += gainColumns("gain", average)
    columns += corruptionErrorColumns(tasks)
    return table(columns + worseColumns)
  }

  private func table(_ columns: [Column]) -> TextTable {
    var table = TextTable(header: ["method"] + columns.map(\.heading))
    table.bars = Set(columns.indices.filter { columns[$0].hasBar }.map { $0 + 1 })
    table.rows = lines.map { line in [title(of: line)] + columns.map { $0.text(line) } }
    return table
  }

  private func title(of line: Line) -> String {
    switch line {
    case .method(let method): method.title
    case .oracle(let name, _): ComparisonTable.oracleTitle(name)
    }
  }

  /// The oracles that methods are compared to.
  var oracles: [(label: String, line: Line)] {
    lines.compactMap { line in
      guard case .oracle(let name, _) = line, Self.tunedMethods.contains(name) else { return nil }
      return (Self.label(name), line)
    }
  }

  // MARK: Values

  /// The average over tasks; nil unless every task and seed was measured.
  ///
  /// - Parameter choosers: the tasks whose mean accuracy an oracle is chosen by.
  func values(
    of line: Line, _ tasks: [String], _ phase: ShiftPhase, chosenOn choosers: [String]
  ) -> SeedValues? {
    switch line {
    case .method(let method): return accuracies(method, tasks, phase)
    case .oracle(_, let candidates):
      var best: (accuracy: Double, method: MethodChoice)?
      for candidate in candidates {
        guard let accuracy = accuracies(candidate, choosers, phase)?.mean,
          accuracy > best?.accuracy ?? -1
        else { continue }
        best = (accuracy, candidate)
      }
      return best.flatMap { accuracies($0.method, tasks, phase) }
    }
  }

  private func text(
    _ values: SeedValues?, _ line: Line, _ tasks: [String], _ phases: [ShiftPhase]
  ) -> String {
    if let values { return values.percent() }
    guard case .method(let method) = line, accuracies.hasFailed(method, tasks, phases) else {
      return "-"
    }
    return "failed"
  }
}
