/// Two runs, cell by cell: the second's accuracy minus the first's, the largest differences first.
package struct RunDifference: Sendable {
  package struct Cell: Sendable {
    package let row: ResultRow
    package let first: Estimate
    package let second: Estimate
    /// Second minus first. Its interval takes the two for independent; where they saw the same
    /// images the true one is narrower.
    package let difference: Estimate
  }

  /// What has to agree for two rows to be of the same cell and task; provenance is not part of it.
  private struct Identity: Hashable {
    let experiment, method, methodOptions, backbone, task, corruption: String
    let severity: Double
    let protocolName, adaptation, profile, adaptStream, evaluateStream: String
    let boundary: Int?
    let seed: UInt64

    init(_ row: ResultRow) {
      experiment = row.experiment
      method = row.method
      methodOptions = row.methodOptions
      backbone = row.backbone
      task = row.task
      corruption = row.corruption
      severity = row.severity
      protocolName = row.protocolName
      adaptation = row.adaptation
      profile = row.profile
      adaptStream = row.adaptStream
      evaluateStream = row.evaluateStream
      boundary = row.boundary
      seed = row.seed
    }
  }

  package let firstName: String
  package let secondName: String
  package let cells: [Cell]
  /// Rows with an accuracy that the other run lacks.
  package let onlyInFirst: Int
  package let onlyInSecond: Int

  package init(_ first: Run, _ second: Run) {
    firstName = first.name
    secondName = second.name
    func estimate(_ row: ResultRow) -> Estimate? {
      row.accuracy.map { Estimate($0, low: row.accuracyLow, high: row.accuracyHigh) }
    }
    let others = Dictionary(
      second.results.filter { $0.accuracy != nil }.map { (Identity($0), $0) },
      uniquingKeysWith: { first, _ in first })
    var cells: [Cell] = []
    var matched: Set<Identity> = []
    var missing = 0
    for row in first.results {
      guard let old = estimate(row) else { continue }
      guard let new = others[Identity(row)].flatMap(estimate) else {
        missing += 1
        continue
      }
      guard matched.insert(Identity(row)).inserted else { continue }
      cells.append(
        Cell(row: row, first: old, second: new, difference: Estimate.difference(new, old)))
    }
    self.cells = cells.sorted { abs($0.difference.value) > abs($1.difference.value) }
    onlyInFirst = missing
    onlyInSecond = others.count - matched.count
  }

  /// In words.
  package var summary: String {
    guard !cells.isEmpty else {
      return "\(firstName) and \(secondName) have no measured cell in common."
    }
    let changed = cells.count { $0.difference.value != 0 }
    let mean = cells.map(\.difference.value).reduce(0, +) / Double(cells.count)
    var text =
      "\(secondName) minus \(firstName): \(cells.count) cells in common, \(changed) of them "
    text += "different, on average by \(NumberText.signedPercent(mean)) points."
    if onlyInFirst + onlyInSecond > 0 {
      text += " \(onlyInFirst) are only in \(firstName), \(onlyInSecond) only in \(secondName)."
    }
    return text
  }

  package var table: DataTable {
    DataTable(
      caption: "\(secondName) minus \(firstName), by size",
      columns: [
        "experiment", "method", "task", "domain", "protocol", "adapted to", "phase", "seed",
        "\(firstName) in %", "\(secondName) in %", "difference in points", "95 % low", "95 % high",
      ],
      rows: cells.map { cell in
        let row = cell.row
        let method = MethodKey(
          name: row.method, options: row.methodOptions, isGridPoint: row.isGridPoint)
        let domain = DomainKey(corruption: row.corruption, severity: row.severity)
        let isMixed = row.corruption == DomainKey.mixedName
        func signed(_ value: Double?) -> DataTable.Cell {
          value.map { .number($0, NumberText.signedPercent($0)) } ?? .empty
        }
        return [
          .text(row.experiment), .text(method.title), .text(row.task),
          .text(isMixed ? row.evaluateStream : domain.name), .text(row.protocolName),
          .text(row.adaptStream), DataTable.number(row.boundary.map(Double.init)),
          .number(Double(row.seed), "\(row.seed)"), DataTable.percent(cell.first.value),
          DataTable.percent(cell.second.value), signed(cell.difference.value),
          signed(cell.difference.low), signed(cell.difference.high),
        ]
      })
  }

  /// The largest differences as a figure; nil where nothing differs.
  package func figure(_ maker: inout FigureMaker) -> Figure? {
    let shown = cells.filter { $0.difference.value != 0 }.prefix(24)
    guard !shown.isEmpty else { return nil }
    let hasSeeds = Set(cells.map(\.row.seed)).count > 1
    let title = "The \(shown.count) largest differences: \(secondName) minus \(firstName)"
    return Figure(
      id: maker.id("difference"), title: title,
      description: summary,
      chart: IntervalChart(
        width: 820,
        rows: shown.map { cell in
          let row = cell.row
          let domain = DomainKey(corruption: row.corruption, severity: row.severity)
          var parts = [row.experiment, row.method, row.methodOptions, row.task, domain.name.spaced]
          if hasSeeds { parts.append("seed \(row.seed)") }
          return IntervalChart.Row(
            title: parts.filter { !$0.isEmpty }.joined(separator: ", "), estimate: cell.difference,
            style: maker.style(
              MethodKey(
                name: row.method, options: row.isGridPoint ? "" : row.methodOptions,
                isGridPoint: false)))
        }, axisTitle: "points of accuracy"),
      data: table)
  }
}
