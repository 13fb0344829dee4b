/// A table as aligned text: the first column to the left, the others to the right; headings break
/// into lines at underscores and blanks.
public struct TextTable: Sendable {
  public var header: [String]
  public var rows: [[String]]
  /// The columns that a vertical bar precedes.
  public var bars: Set<Int>

  public init(header: [String], rows: [[String]] = [], bars: Set<Int> = []) {
    self.header = header
    self.rows = rows
    self.bars = bars
  }

  /// The lines, without blanks at their ends, each ended by a line break.
  public var text: String {
    let headings = header.map { heading in
      heading.split { $0 == "_" || $0 == " " }.map(String.init)
    }
    let height = headings.map(\.count).max() ?? 0
    let headerLines = (0..<height).map { line in
      headings.map { words in
        let skipped = height - words.count
        return line < skipped ? "" : words[line - skipped]
      }
    }
    let widths = header.indices.map { column in
      (headerLines + rows).map { $0[column].count }.max() ?? 0
    }
    let rule = widths.enumerated().map { column, width in
      (bars.contains(column) ? "-|-" : column == 0 ? "" : "--")
        + String(repeating: "-", count: width)
    }.joined()
    let lines =
      headerLines.map { line($0, widths) } + [rule] + rows.map { line($0, widths) }
    return lines.map { $0 + "\n" }.joined()
  }

  private func line(_ fields: [String], _ widths: [Int]) -> String {
    var line = ""
    for (column, field) in fields.enumerated() {
      let blanks = String(repeating: " ", count: widths[column] - field.count)
      if column == 0 {
        line += field + blanks
      } else {
        line += (bars.contains(column) ? " | " : "  ") + blanks + field
      }
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
