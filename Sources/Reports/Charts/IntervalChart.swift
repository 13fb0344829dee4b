/// Differences with their intervals, one a line, against zero.
package struct IntervalChart: Chart {
  package struct Row: Sendable {
    package let title: String
    package let estimate: Estimate
    package let style: Int
  }

  package var width = 480.0
  package let rows: [Row]
  /// What the numbers are, with their unit.
  package let axisTitle: String
  /// What the axis has to cover beside the rows, so that charts side by side have one scale.
  package var covered: [Double] = []

  private static let rowHeight = 20.0
  private static let textSize = 11.5
  private static let topMargin = 8.0

  package var height: Double { Self.topMargin + Double(rows.count) * Self.rowHeight + 44 }

  package func draw(on canvas: inout SVGCanvas) {
    let titles = rows.map(\.title)
    let texts = rows.map { NumberText.estimate($0.estimate, signed: true) }
    func widest(_ texts: [String]) -> Double {
      texts.map { TextMetrics.width($0, size: Self.textSize) }.max() ?? 0
    }
    let left = min(widest(titles), width * 0.5) + 12
    let right = width - widest(texts) - 12
    let scale = AxisScale(
      covering: rows.flatMap {
        [$0.estimate.value, $0.estimate.low ?? 0, $0.estimate.high ?? 0, 0]
      } + covered, count: 4)
    func x(_ value: Double) -> Double { left + scale.position(value) * (right - left) }
    let bottom = Self.topMargin + Double(rows.count) * Self.rowHeight
    for tick in scale.ticks {
      let isZero = abs(tick) < 1e-12
      canvas.line(
        x(tick), Self.topMargin, x(tick), bottom, stroke: isZero ? .muted : .grid,
        width: isZero ? 1.5 : 1)
      let text = NumberText.fixed(tick * 100, max(0, scale.decimals - 2))
      canvas.text(
        tick > 1e-12 ? "+\(text)" : text, x: x(tick), y: bottom + 15,
        size: 11, paint: .muted, anchor: .middle)
    }
    canvas.text(
      axisTitle, x: (left + right) / 2, y: bottom + 34, size: Self.textSize, anchor: .middle)
    for (index, row) in rows.enumerated() {
      let y = Self.topMargin + (Double(index) + 0.5) * Self.rowHeight
      let paint = Paint.series(row.style)
      canvas.text(
        TextMetrics.shortened(row.title, to: left - 12, size: Self.textSize), x: left - 10,
        y: y + 4, size: Self.textSize, anchor: .end, tip: row.title)
      if let low = row.estimate.low, let high = row.estimate.high {
        canvas.line(x(low), y, x(high), y, stroke: paint, width: 2)
      }
      canvas.marker(row.style, x: x(row.estimate.value), y: y, paint: paint)
      canvas.text(texts[index], x: width - 4, y: y + 4, size: Self.textSize, anchor: .end)
    }
  }
}
