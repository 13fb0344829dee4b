extension ReportTable {
  /// As GitHub-flavoured Markdown, with caption and legend.
  package var markdown: String {
    var lines = ["**\(Self.markdownText(caption))**", ""]
    let headings = [rowHeading] + columns.map(\.title)
    lines.append("| \(headings.map(Self.markdownText).joined(separator: " | ")) |")
    lines.append("| --- |" + columns.map { _ in " ---: |" }.joined())
    for (index, row) in rows.enumerated() {
      var title = Self.markdownText(row.title)
      if row.kind == .oracle { title += " *oracle*" }
      let cells = row.cells.enumerated().map { column, cell in
        markdown(cell, isBest: isBest(row: index, column: column))
      }
      lines.append("| \(([title] + cells).joined(separator: " | ")) |")
    }
    if !legend.isEmpty { lines += ["", Self.markdownText(legend.joined(separator: " "))] }
    return lines.joined(separator: "\n") + "\n"
  }

  private func markdown(_ cell: Cell, isBest: Bool) -> String {
    switch cell {
    case .estimate(let estimate):
      let text = NumberText.estimate(estimate)
      guard isBest else { return text }
      let value = NumberText.percent(estimate.value)
      return "**\(value)**\(text.dropFirst(value.count))"
    case .published(let value): return "*\(NumberText.fixed(value, 1))*"
    case .fraction(let part, let total): return "\(part)/\(total)"
    case .failed: return "failed"
    case .missing: return "–"
    }
  }

  /// Text that Markdown takes for nothing else.
  private static func markdownText(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#": result += "\\\(scalar)"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\n", "\r": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
