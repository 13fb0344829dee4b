/// A table of a report before it is written as Markdown, LaTeX, CSV or HTML.
struct ReportTable: Sendable {
  enum Cell: Sendable {
    case estimate(Estimate)
    /// A published percentage, with as many decimals as printed there.
    case published(Double)
    case fraction(Int, of: Int)
    case failed
    case missing
  }

  struct Column: Sendable {
    /// As a heading: words.
    let title: String
    /// As the CSV names it.
    let name: String
    /// Whether a rule stands before it, as before an average.
    var startsGroup = false
    /// Whether its best value is marked.
    var isRanked = true
  }

  enum RowKind: String, Sendable {
    case method
    /// Each task's own model, or another that is no rival of the merged ones.
    case reference
    /// The best of a grid, chosen by the test accuracy.
    case oracle
    /// Figures of a paper.
    case published
  }

  struct Row: Sendable {
    let title: String
    let kind: RowKind
    let cells: [Cell]
  }

  /// File name without its suffix, and anchor.
  let name: String
  let caption: String
  /// What a reader has to know beside the caption.
  var notes: [String] = []
  /// Of the first column.
  var rowHeading = "method"
  /// Whether rows are methods; else they are states of one.
  var comparesMethods = true
  let columns: [Column]
  let rows: [Row]

  /// Whether the cell is the best of its column at the shown precision. Oracles, references and
  /// published figures don't compete.
  func isBest(row: Int, column: Int) -> Bool {
    guard columns[column].isRanked, rows[row].kind == .method,
      case .estimate(let estimate) = rows[row].cells[column]
    else { return false }
    let rivals = rows.compactMap { row -> Double? in
      guard row.kind == .method, case .estimate(let rival) = row.cells[column] else { return nil }
      return rival.value.percentTenths
    }
    return rivals.count > 1 && estimate.value.percentTenths == rivals.max()
  }

  var hasOracle: Bool { rows.contains { $0.kind == .oracle } }
  var hasIntervals: Bool { anyEstimate { $0.low != nil } }
  var hasDeviations: Bool { anyEstimate { $0.deviation != nil } }

  private func anyEstimate(_ test: (Estimate) -> Bool) -> Bool {
    rows.contains { row in
      row.cells.contains { cell in
        guard case .estimate(let estimate) = cell else { return false }
        return test(estimate)
      }
    }
  }

  /// How to read the marks, a sentence each.
  var legend: [String] {
    var sentences = notes
    if rows.contains(where: { $0.kind == .method }), columns.contains(where: \.isRanked) {
      sentences.append(
        comparesMethods ? "Best of the merged models in bold." : "Best of each column in bold.")
    }
    if columns.contains(where: { !$0.isRanked }) {
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
  var percentTenths: Double { (self * 1000).rounded() }
}
