/// A picture of data, drawn at a fixed size.
package protocol Chart: Sendable {
  var width: Double { get }
  var height: Double { get }
  /// Names of its categories, for a legend; none if it needs none.
  var legend: [LegendEntry] { get }
  func draw(on canvas: inout SVGCanvas)
}

extension Chart {
  package var legend: [LegendEntry] { [] }
}

/// One category of a chart.
package struct LegendEntry: Hashable, Sendable {
  package let title: String
  /// Of its colour, marker and dashes.
  package let style: Int
}

/// A chart with what belongs to it: a title, a sentence that says what is seen, and its data.
package struct Figure: Sendable {
  /// Anchor and file name without suffix; unique in a report.
  package let id: String
  package let title: String
  /// For those who can't see it, and below it on the page.
  package let description: String
  package let chart: any Chart
  package let data: DataTable

  /// As a file that stands alone: light, with its legend.
  package var file: String { svg(.file, withLegend: true) }

  /// As an element of a page.
  ///
  /// - Parameter withLegend: false where the page shows one legend for several charts.
  package func element(withLegend: Bool) -> String { svg(.page, withLegend: withLegend) }

  private func svg(_ theme: ChartTheme, withLegend: Bool) -> String {
    var canvas = SVGCanvas(theme: theme)
    chart.draw(on: &canvas)
    var height = chart.height
    if withLegend, !chart.legend.isEmpty {
      let legend = LegendLayout(chart.legend, width: chart.width)
      legend.draw(on: &canvas, y: height)
      height += legend.height
    }
    return canvas.svg(
      width: chart.width, height: height, id: id, title: title, description: description)
  }
}

/// A legend in columns below a chart.
package struct LegendLayout: Sendable {
  private static let rowHeight = 18.0
  private let entries: [LegendEntry]
  private let columnWidth: Double
  private let columns: Int

  package init(_ entries: [LegendEntry], width: Double) {
    self.entries = entries
    let widest = entries.map { TextMetrics.width($0.title, size: 11) }.max() ?? 0
    columns = max(1, min(entries.count, Int(width / (widest + 42))))
    columnWidth = width / Double(columns)
  }

  package var height: Double {
    Double((entries.count + columns - 1) / columns) * Self.rowHeight + 8
  }

  package func draw(on canvas: inout SVGCanvas, y: Double) {
    for (index, entry) in entries.enumerated() {
      let x = Double(index % columns) * columnWidth + 8
      let middle = y + (Double(index / columns) + 0.5) * Self.rowHeight
      let paint = Paint.series(entry.style)
      canvas.line(
        x, middle, x + 20, middle, stroke: paint, width: 2, dash: MarkerShape.dash(of: entry.style))
      canvas.marker(entry.style, x: x + 10, y: middle, paint: paint)
      canvas.text(
        TextMetrics.shortened(entry.title, to: columnWidth - 36, size: 11), x: x + 26,
        y: middle + 4, size: 11, tip: entry.title)
    }
  }
}

/// The data of a figure, or a table of the page: numbers in full precision with their short text.
package struct DataTable: Sendable {
  package enum Cell: Sendable {
    case text(String)
    /// The value and what is shown of it; `isStrong` marks the best.
    case number(Double, String, isStrong: Bool = false)
    case empty
  }

  package var caption: String
  package let columns: [String]
  package let rows: [[Cell]]

  package static func number(_ value: Double?) -> Cell {
    value.map { .number($0, NumberText.short($0)) } ?? .empty
  }

  package static func percent(_ value: Double?) -> Cell {
    value.map { .number($0, NumberText.percent($0)) } ?? .empty
  }
}
