extension ReportTable {
  /// As CSV (RFC 4180): shares 0 to 1 in full precision, corruption errors in units of the
  /// baseline's. A column `x` of accuracies comes with
  /// `x_low`, `x_high` and `x_std_over_seeds`, empty where unknown; `kind` says whether a row is a
  /// method, a reference, an oracle or published.
  package var csv: String {
    var header = [rowHeading, "kind"]
    for column in columns {
      header += [column.name]
      if column.best != nil {
        header += ["low", "high", "std_over_seeds"].map { "\(column.name)_\($0)" }
      }
    }
    let lines = rows.map { row in
      [row.title, row.kind.rawValue]
        + zip(columns, row.cells).flatMap { column, cell in Self.fields(cell, column) }
    }
    return ([header] + lines).map(CSVText.line).joined()
  }

  private static func fields(_ cell: Cell, _ column: Column) -> [String] {
    let padding = column.best != nil ? ["", "", ""] : []
    switch cell {
    case .estimate(let estimate):
      guard column.best != nil else { return ["\(estimate.value)"] }
      return ["\(estimate.value)"]
        + [estimate.low, estimate.high, estimate.deviation].map { $0.map { "\($0)" } ?? "" }
    case .published(let value): return ["\(value / 100)"] + padding
    case .fraction(let part, _): return ["\(part)"] + padding
    case .failed, .missing: return [""] + padding
    }
  }
}

/// Lines of CSV.
package enum CSVText {
  /// The fields with what they need of quotes, ended by CRLF.
  package static func line(_ fields: [String]) -> String {
    fields.map(field).joined(separator: ",") + "\r\n"
  }

  private static func field(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { [",", "\"", "\n", "\r"].contains($0) }) else {
      return text
    }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
