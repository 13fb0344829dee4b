extension ReportTable {
  /// As a `table` float with the rules of booktabs; needs `\usepackage{booktabs,graphicx}`.
  package var latex: String {
    var lines = [
      #"\begin{table}[t]"#, #"  \centering"#,
      #"  \caption{\#(Self.latexText((["\(caption)."] + legend).joined(separator: " ")))}"#,
      #"  \label{tab:\#(name)}"#,
      // Wide tables shrink to the text's width; narrow ones keep their size.
      #"  \resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%"#,
      #"  \begin{tabular}{l\#(columnSpecification)}"#, #"    \toprule"#,
    ]
    let headings = ([rowHeading] + columns.map(\.title)).map(Self.latexText)
    lines.append("    \(headings.joined(separator: " & ")) \\\\")
    lines.append(#"    \midrule"#)
    var previous: RowKind?
    for (index, row) in rows.enumerated() {
      if let previous, row.kind == .published, previous != .published {
        lines.append(#"    \midrule"#)
      }
      previous = row.kind
      var title = Self.latexText(row.title)
      if row.kind == .oracle { title += #"$^{\dagger}$"# }
      let cells = row.cells.enumerated().map { column, cell in
        latex(cell, isBest: isBest(row: index, column: column))
      }
      lines.append("    \(([title] + cells).joined(separator: " & ")) \\\\")
    }
    lines += [#"    \bottomrule"#, #"  \end{tabular}}"#]
    if hasOracle { lines.append(#"  \par\smallskip{\footnotesize $^{\dagger}$ oracle}"#) }
    lines.append(#"\end{table}"#)
    return lines.joined(separator: "\n") + "\n"
  }

  private var columnSpecification: String {
    columns.enumerated().map { index, column in
      column.startsGroup && index > 0 ? #"@{\hspace{1.5em}}r"# : "r"
    }.joined()
  }

  private func latex(_ cell: Cell, isBest: Bool) -> String {
    switch cell {
    case .estimate(let estimate):
      var text = NumberText.percent(estimate.value)
      if isBest { text = #"\textbf{\#(text)}"# }
      if let deviation = estimate.deviation {
        text += #" {\scriptsize$\pm$\#(NumberText.percent(deviation))}"#
      }
      if let interval = NumberText.interval(estimate) { text += #" {\tiny \#(interval)}"# }
      return text.replacing("−", with: "$-$")
    case .published(let value): return #"\textit{\#(NumberText.fixed(value, 1))}"#
    case .fraction(let part, let total): return "\(part)/\(total)"
    case .failed: return "failed"
    case .missing: return "--"
    }
  }

  /// Text that TeX takes for nothing else.
  private static func latexText(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += #"\textbackslash{}"#
      case "~": result += #"\textasciitilde{}"#
      case "^": result += #"\textasciicircum{}"#
      case "&", "%", "$", "#", "_", "{", "}": result += "\\\(scalar)"
      case "<": result += #"\textless{}"#
      case ">": result += #"\textgreater{}"#
      case "|": result += #"\textbar{}"#
      case "\"": result += "''"
      case "±": result += #"$\pm$"#
      case "−": result += "$-$"
      case "·": result += #"$\cdot$"#
      case "\n", "\r": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
