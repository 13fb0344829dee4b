/// Rows of one experiment that merges several sets of tasks, as the one that leaves each task out in
/// turn: a task is seen in some of its rows and unseen in others.
package enum MergeSets {
  /// Rows that belong in one study.
  package struct Part: Sendable {
    package let experiment: String
    /// What tells it from the experiment's other ones; else empty.
    package let name: String
    package let rows: [ResultRow]
  }

  private static let leftOut = "each task when left out"

  /// The rows of each set by themselves; one part without a name where there is one set.
  ///
  /// Where every unseen row is of another task, as with each task left out, the unseen rows alone
  /// make one part: each task as the models see it that never merged its expert.
  package static func parts(of rows: [ResultRow]) -> [Part] {
    let experiment = rows[0].experiment
    let cells = cells(of: rows)
    let sets = cells.map { seenTasks(of: $0) }
    let unique = sets.unique
    guard unique.count > 1 else { return [Part(experiment: experiment, name: "", rows: rows)] }
    let unseen = rows.filter { !$0.seen }
    if !unseen.isEmpty, Set(unseen.map(Place.init)).count == unseen.count {
      return [Part(experiment: experiment, name: leftOut, rows: unseen)]
    }
    return unique.map { set in
      Part(
        experiment: experiment,
        name: set.isEmpty ? "nothing merged" : "merged: \(set.joined(separator: ", "))",
        rows: zip(cells, sets).filter { $0.1 == set }.flatMap(\.0))
    }
  }

  /// The same of experiments by the name `NAME-without-TASK`, as a plan that leaves each task out makes
  /// one for each: the rows of the tasks left out, NAME by NAME.
  package static func leftOut(of rows: [ResultRow]) -> [Part] {
    struct Family: Hashable {
      let name, backbone, protocolName: String
    }
    func family(_ row: ResultRow) -> Family? {
      let ending = "-without-\(row.task)"
      guard !row.seen, row.experiment.hasSuffix(ending) else { return nil }
      return Family(
        name: String(row.experiment.dropLast(ending.count)), backbone: row.backbone,
        protocolName: row.protocolName)
    }
    return rows.compactMap(family).unique.compactMap { key in
      let own = rows.filter { family($0) == key }
      guard Set(own.map(\.task)).count > 1 else { return nil }
      return Part(experiment: key.name, name: leftOut, rows: own)
    }
  }

  /// What no two unseen rows share where each set leaves out other tasks.
  private struct Place: Hashable {
    let method, options, task, corruption, adaptation, adaptStream, evaluateStream: String
    let severity: Double
    let boundary: Int?
    let seed: UInt64

    init(_ row: ResultRow) {
      method = row.method
      options = row.methodOptions
      task = row.task
      corruption = row.corruption
      adaptation = row.adaptation
      adaptStream = row.adaptStream
      evaluateStream = row.evaluateStream
      severity = row.severity
      boundary = row.boundary
      seed = row.seed
    }
  }

  /// The rows of one cell stand together, a row a task; a cell that is in several sets comes again.
  private static func cells(of rows: [ResultRow]) -> [[ResultRow]] {
    var cells: [[ResultRow]] = []
    var tasks: Set<String> = []
    for row in rows {
      if let last = cells.last?.last, last.cell == row.cell, last.method == row.method,
        last.methodOptions == row.methodOptions, last.seed == row.seed,
        last.evaluateStream == row.evaluateStream, last.corruption == row.corruption,
        last.severity == row.severity, last.boundary == row.boundary, !tasks.contains(row.task)
      {
        cells[cells.count - 1].append(row)
      } else {
        cells.append([row])
        tasks = []
      }
      tasks.insert(row.task)
    }
    return cells
  }

  private static func seenTasks(of cell: [ResultRow]) -> [String] {
    cell.filter(\.seen).map(\.task)
  }
}
