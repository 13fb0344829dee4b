/// Rows of one experiment that merges several sets of tasks, as the one that leaves each task out in
/// turn: a task is seen in some of its rows and unseen in others.
package enum MergeSets {
  /// The rows of each set by themselves, named; one part without a name where there is one set.
  ///
  /// Where every unseen row is of another task, as with each task left out, the unseen rows alone
  /// make one part: each task as the models see it that never merged its expert.
  package static func parts(of rows: [ResultRow]) -> [(name: String, rows: [ResultRow])] {
    let cells = cells(of: rows)
    let sets = cells.map { seenTasks(of: $0) }
    let unique = sets.unique
    guard unique.count > 1 else { return [("", rows)] }
    let unseen = rows.filter { !$0.seen }
    if !unseen.isEmpty, Set(unseen.map(Place.init)).count == unseen.count {
      return [("each task when left out", unseen)]
    }
    return unique.map { set in
      let own = zip(cells, sets).filter { $0.1 == set }.flatMap(\.0)
      return (set.isEmpty ? "nothing merged" : "merged: \(set.joined(separator: ", "))", own)
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
