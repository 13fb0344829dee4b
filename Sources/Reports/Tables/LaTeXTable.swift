extension ReportTable {
  /// As a `table` float with the rules of booktabs; needs `\usepackage{booktabs,graphicx}`. Headings of
  /// several words stand on as many lines, and intervals below their values, so that wide tables stay
  /// readable.
  package var latex: String {
    var lines = [
      #"\begin{table}[t]"#, #"  \centering"#,
      #"  \caption{\#(Self.latexText((["\(caption)."] + legend).joined(separator: " ")))}"#,
      #"  \label{tab:\#(name)}"#, #"  \medskip\setlength{\tabcolsep}{4pt}"#,
      // Wide tables shrink to the text's width; narrow ones keep their size.
      #"  \resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%"#,
      #"  \begin{tabular}{l\#(columnSpecification)}"#, #"    \toprule"#,
    ]
    let headings = [Self.latexText(rowHeading)] + columns.map { Self.latexHeading($0.title) }
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
        text += #"{\scriptsize$\,\pm\,$\#(NumberText.percent(deviation))}"#
      }
      if let interval = NumberText.interval(estimate) {
        text = #"\begin{tabular}[t]{@{}r@{}}\#(text)\\[-0.6ex]{\tiny \#(interval)}\end{tabular}"#
      }
      return text.replacing("−", with: "$-$")
    case .published(let value): return #"\textit{\#(NumberText.fixed(value, 1))}"#
    case .fraction(let part, let total): return "\(part)/\(total)"
    case .failed: return "failed"
    case .missing: return "--"
    }
  }

  /// The words of a heading one below the other, to the right.
  private static func latexHeading(_ title: String) -> String {
    let words = title.split(whereSeparator: \.isWhitespace).map { latexText(String($0)) }
    return words.count > 1
      ? #"\shortstack[r]{\#(words.joined(separator: #"\\"#))}"# : words.joined()
  }

  /// Text that TeX takes for nothing else: no command, comment, column or formula, and no pair that a
  /// font makes one sign of. Control characters, which no font has, become question marks.
  package static func latexText(_ text: String) -> String {
    var result = ""
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      // -- and ,, and '' would be a dash and quotation marks.
      if scalar == previous, ["-", ",", "'"].contains(scalar) { result += "{}" }
      previous = scalar
      switch scalar {
      case "\\": result += #"\textbackslash{}"#
      case "~": result += #"\textasciitilde{}"#
      case "^": result += #"\textasciicircum{}"#
      case "`": result += #"\`{}"#
      case "&", "%", "$", "#", "_", "{", "}": result += "\\\(scalar)"
      case "<": result += #"\textless{}"#
      case ">": result += #"\textgreater{}"#
      case "|": result += #"\textbar{}"#
      // \textquotedbl is not in every encoding.
      case "\"": result += "{''}"
      case "±": result += #"$\pm$"#
      case "−": result += "$-$"
      case "·": result += #"$\cdot$"#
      case "\u{A0}": result += "~"
      case "\t", "\n", "\r": result += " "
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
