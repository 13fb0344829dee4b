/// A grid of numbers, each written on its colour.
package struct HeatMap: Chart {
  package struct Cell: Sendable {
    /// Nil leaves the cell empty.
    package let value: Double?
    package let text: String
    package var isStrong = false
    /// What a pointer shows.
    package var tip: String?
  }

  package enum Scale: Sendable {
    /// From the least to the greatest value, or of `range`.
    case sequential(ClosedRange<Double>?)
    /// As far below zero as above.
    case diverging
  }

  package let rows: [String]
  package let columns: [String]
  /// Row by row.
  package let cells: [[Cell]]
  package let scale: Scale
  /// What the numbers are, with their unit.
  package let scaleTitle: String
  /// Whether values are shares, shown in percent at the scale.
  package let isPercent: Bool
  /// Columns with room before them, as averages.
  package var breaks: Set<Int> = []

  private static let textSize = 12.0
  private static let headingSize = 10.5
  private static let cellHeight = 27.0
  private static let gap = 10.0

  private var range: ClosedRange<Double> {
    let values = cells.joined().compactMap(\.value)
    switch scale {
    case .sequential(let range):
      return range ?? (values.min() ?? 0)...(values.max() ?? 1)
    case .diverging:
      let reach = max(values.map(abs).max() ?? 0, 1e-9)
      return -reach...reach
    }
  }

  private var map: ColorMap {
    if case .diverging = scale { .diverging } else { .sequential }
  }

  private var labelWidth: Double {
    min(rows.map { TextMetrics.width($0, size: Self.textSize) }.max() ?? 0, 230) + 10
  }

  private var cellWidth: Double {
    let texts = cells.joined().map { TextMetrics.width($0.text, size: Self.textSize, isBold: true) }
    let words = columns.flatMap { $0.split { " -/_".contains($0) } }
      .map { TextMetrics.width(String($0), size: Self.headingSize) }
    return max(44, (texts.max() ?? 0) + 10, min((words.max() ?? 0) + 8, 80))
  }

  private var headings: [[String]] {
    columns.map { TextMetrics.wrapped($0, to: cellWidth - 4, size: Self.headingSize, lines: 4) }
  }

  private var headingHeight: Double { Double(headings.map(\.count).max() ?? 1) * 13 + 8 }

  private func left(_ column: Int) -> Double {
    labelWidth + Double(column) * cellWidth
      + Double(breaks.count { $0 <= column && $0 > 0 }) * Self.gap
  }

  package var width: Double {
    max(
      left(columns.count - 1) + cellWidth + 4, labelWidth + ColorBar.width(titled: scaleTitle))
  }

  package var height: Double {
    headingHeight + Double(rows.count) * Self.cellHeight + ColorBar.height
  }

  package func draw(on canvas: inout SVGCanvas) {
    for (column, lines) in headings.enumerated() {
      for (row, line) in lines.enumerated() {
        let y = headingHeight - 8 - 13 * Double(lines.count - 1 - row)
        canvas.text(
          line, x: left(column) + cellWidth / 2, y: y, size: Self.headingSize, paint: .muted,
          anchor: .middle,
          tip: columns[column])
      }
    }
    let range = range
    let span = max(range.upperBound - range.lowerBound, 1e-12)
    for (row, title) in rows.enumerated() {
      let y = headingHeight + Double(row) * Self.cellHeight
      let middle = y + Self.cellHeight / 2 + 4
      canvas.text(
        TextMetrics.shortened(title, to: labelWidth - 10, size: Self.textSize), x: labelWidth - 8,
        y: middle, size: Self.textSize, anchor: .end, tip: title)
      for (column, cell) in cells[row].enumerated() {
        let x = left(column)
        let tip = cell.tip ?? "\(title), \(columns[column]): \(cell.text)"
        guard let value = cell.value else {
          canvas.rectangle(
            x: x + 1, y: y + 1, width: cellWidth - 2, height: Self.cellHeight - 2, fill: .grid,
            radius: 3, opacity: 0.5)
          canvas.text(
            cell.text, x: x + cellWidth / 2, y: middle, size: 11, paint: .muted, anchor: .middle)
          continue
        }
        let position = (value - range.lowerBound) / span
        canvas.rectangle(
          x: x + 1, y: y + 1, width: cellWidth - 2, height: Self.cellHeight - 2,
          fill: .fixed(map.color(position)), radius: 3, tip: tip)
        canvas.text(
          cell.text, x: x + cellWidth / 2, y: middle, size: Self.textSize,
          paint: .fixed(map.textColor(position)), anchor: .middle, isBold: cell.isStrong, tip: tip)
      }
    }
    ColorBar(map: map, range: range, title: scaleTitle, isPercent: isPercent)
      .draw(on: &canvas, x: labelWidth, y: headingHeight + Double(rows.count) * Self.cellHeight)
  }
}

/// The key to the colours of a heat map.
package struct ColorBar: Sendable {
  package static let height = 54.0
  private static let width = 180.0
  private static let textSize = 11.0

  /// What the key takes, with its title.
  package static func width(titled title: String) -> Double {
    max(width, TextMetrics.width(title, size: textSize)) + 8
  }

  package let map: ColorMap
  package let range: ClosedRange<Double>
  package let title: String
  package let isPercent: Bool

  package func draw(on canvas: inout SVGCanvas, x: Double, y: Double) {
    let top = y + 14
    // Whole pixels, so that the pieces join without seams.
    let x = x.rounded()
    let pieces = 36
    for piece in 0..<pieces {
      let step = Self.width / Double(pieces)
      canvas.rectangle(
        x: x + Double(piece) * step, y: top, width: step + 0.3, height: 9,
        fill: .fixed(map.color((Double(piece) + 0.5) / Double(pieces))))
    }
    let middle = (range.lowerBound + range.upperBound) / 2
    for (value, place, anchor) in [
      (range.lowerBound, 0, SVGCanvas.Anchor.start), (middle, 0.5, .middle),
      (range.upperBound, 1, .end),
    ] {
      canvas.text(
        text(value), x: x + place * Self.width, y: top + 22, size: Self.textSize, paint: .muted,
        anchor: anchor)
    }
    canvas.text(title, x: x, y: top + 36, size: Self.textSize, paint: .muted)
  }

  private func text(_ value: Double) -> String {
    if case .diverging = map {
      return isPercent ? NumberText.signedPercent(value) : NumberText.short(value)
    }
    return isPercent ? NumberText.percent(value) : NumberText.fixed(value, 2)
  }
}
