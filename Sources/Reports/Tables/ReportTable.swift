/// A table of a report before it is written as Markdown, LaTeX, CSV or HTML.
package struct ReportTable: Sendable {
  package enum Cell: Sendable {
    case estimate(Estimate)
    /// A published percentage, with as many decimals as printed there.
    case published(Double)
    case fraction(Int, of: Int)
    case failed
    case missing
  }

  package struct Column: Sendable {
    /// As a heading: words.
    package let title: String
    /// As the CSV names it.
    package let name: String
    /// Whether a rule stands before it, as before an average.
    package var startsGroup = false
    /// Which of its values is marked as the best; nil: it counts, and has no best.
    package var best: Best? = .highest

    package init(
      title: String, name: String, startsGroup: Bool = false, best: Best? = .highest
    ) {
      self.title = title
      self.name = name
      self.startsGroup = startsGroup
      self.best = best
    }
  }

  package enum Best: Sendable { case highest, lowest }

  package enum RowKind: String, Sendable {
    case method
    /// Each task's own model, or another that is no rival of the merged ones.
    case reference
    /// The best of a grid, chosen by the test accuracy.
    case oracle
    /// Figures of a paper.
    case published
  }

  package struct Row: Sendable {
    package let title: String
    package let kind: RowKind
    package let cells: [Cell]

    package init(title: String, kind: RowKind, cells: [Cell]) {
      self.title = title
      self.kind = kind
      self.cells = cells
    }
  }

  /// File name without its suffix, and anchor.
  package let name: String
  package let caption: String
  /// What a reader has to know beside the caption.
  package var notes: [String] = []
  /// Of the first column.
  package var rowHeading = "method"
  /// Whether rows are methods; else they are states of one.
  package var comparesMethods = true
  package let columns: [Column]
  package let rows: [Row]

  package init(
    name: String, caption: String, notes: [String] = [], rowHeading: String = "method",
    comparesMethods: Bool = true, columns: [Column], rows: [Row]
  ) {
    self.name = name
    self.caption = caption
    self.notes = notes
    self.rowHeading = rowHeading
    self.comparesMethods = comparesMethods
    self.columns = columns
    self.rows = rows
  }

  /// Whether the cell is the best of its column at the shown precision. Oracles, references and
  /// published figures don't compete.
  package func isBest(row: Int, column: Int) -> Bool {
    guard let best = columns[column].best, rows[row].kind == .method,
      case .estimate(let estimate) = rows[row].cells[column]
    else { return false }
    let rivals = rows.compactMap { row -> Double? in
      guard row.kind == .method, case .estimate(let rival) = row.cells[column] else { return nil }
      return rival.value.percentTenths
    }
    return rivals.count > 1
      && estimate.value.percentTenths == (best == .highest ? rivals.max() : rivals.min())
  }

  package var hasOracle: Bool { rows.contains { $0.kind == .oracle } }
  package var hasIntervals: Bool { anyEstimate { $0.low != nil } }
  package var hasDeviations: Bool { anyEstimate { $0.deviation != nil } }

  private func anyEstimate(_ test: (Estimate) -> Bool) -> Bool {
    rows.contains { row in
      row.cells.contains { cell in
        guard case .estimate(let estimate) = cell else { return false }
        return test(estimate)
      }
    }
  }

  /// How to read the marks, a sentence each.
  package var legend: [String] {
    var sentences = notes
    if rows.contains(where: { $0.kind == .method }), columns.contains(where: { $0.best != nil }) {
      sentences.append(
        comparesMethods ? "Best of the merged models in bold." : "Best of each column in bold.")
    }
    if columns.contains(where: { $0.best == nil }) {
      sentences.append("The last column counts pairs of task and domain.")
    }
    if hasIntervals {
      sentences.append("Brackets: 95 % intervals over images.")
    }
    if hasDeviations { sentences.append("±: standard deviation over seeds.") }
    if hasOracle {
      sentences.append(
        "Oracle: the best of a grid, chosen by the test accuracy; an upper bound, not a method.")
    }
    return sentences
  }
}

extension Double {
  /// In tenths of a percent, as tables show it.
  package var percentTenths: Double { (self * 1000).rounded() }
}
