/// Tables as HTML. Every number carries its value in full precision in `data-v`, which sorting goes
/// by.
enum TableMarkup {
  static func html(_ table: DataTable) -> String {
    var html = "<table class=\"data\" data-sortable>"
    html += "<caption>\(Markup.escaped(table.caption))</caption>\n<thead><tr>"
    for column in table.columns { html += "<th scope=\"col\">\(Markup.escaped(column))</th>" }
    html += "</tr></thead>\n<tbody>\n"
    for row in table.rows {
      html += "<tr>"
      for (index, cell) in row.enumerated() { html += self.cell(cell, isHeading: index == 0) }
      html += "</tr>\n"
    }
    return html + "</tbody></table>"
  }

  private static func cell(_ cell: DataTable.Cell, isHeading: Bool) -> String {
    switch cell {
    case .text(let text) where isHeading: "<th scope=\"row\">\(Markup.escaped(text))</th>"
    case .text(let text): "<td>\(Markup.escaped(text))</td>"
    case .number(let value, let text, let isStrong):
      "<td class=\"n\" data-v=\"\(value)\">"
        + (isStrong ? "<strong>\(Markup.escaped(text))</strong>" : Markup.escaped(text)) + "</td>"
    case .empty: "<td class=\"n\"></td>"
    }
  }

  static func html(_ table: ReportTable) -> String {
    var html = "<table class=\"paper\" data-sortable data-table=\"\(Markup.escaped(table.name))\">"
    html += "<caption>\(Markup.escaped(table.caption))</caption>\n<thead><tr>"
    html += "<th scope=\"col\">\(Markup.escaped(table.rowHeading))</th>"
    for column in table.columns {
      html +=
        "<th scope=\"col\"\(column.startsGroup ? " class=\"group\"" : "")>"
        + "\(Markup.escaped(column.title))</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    for (index, row) in table.rows.enumerated() {
      html += "<tr class=\"\(row.kind.rawValue)\"><th scope=\"row\">\(Markup.escaped(row.title))"
      if row.kind == .oracle { html += " <span class=\"tag\">oracle</span>" }
      html += "</th>"
      for (column, cell) in row.cells.enumerated() {
        html += self.cell(
          cell, isBest: table.isBest(row: index, column: column),
          startsGroup: table.columns[column].startsGroup)
      }
      html += "</tr>\n"
    }
    return html + "</tbody></table>"
  }

  private static func cell(
    _ cell: ReportTable.Cell, isBest: Bool, startsGroup: Bool
  ) -> String {
    let classes = "n\(startsGroup ? " group" : "")"
    func open(_ value: Double) -> String { "<td class=\"\(classes)\" data-v=\"\(value)\">" }
    switch cell {
    case .estimate(let estimate):
      let value = NumberText.percent(estimate.value)
      var html = open(estimate.value) + (isBest ? "<strong>\(value)</strong>" : value)
      if let deviation = estimate.deviation {
        html += " <small>± \(NumberText.percent(deviation))</small>"
      }
      if let interval = NumberText.interval(estimate) {
        html += " <small class=\"interval\">\(interval)</small>"
      }
      return html + "</td>"
    case .published(let value):
      return open(value / 100) + "<i>\(NumberText.fixed(value, 1))</i></td>"
    case .fraction(let part, let total):
      return open(Double(part) / Double(max(total, 1))) + "\(part)/\(total)</td>"
    case .failed: return "<td class=\"\(classes)\">failed</td>"
    case .missing: return "<td class=\"\(classes)\">–</td>"
    }
  }
}
