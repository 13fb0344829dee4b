/// Lines over steps or categories, with intervals where they are known.
package struct LineChart: Chart {
  package struct Point: Sendable {
    /// A place on the bottom axis: a number, or a category's index.
    package let x: Double
    package let y: Double
    package var low: Double?
    package var high: Double?
  }

  package struct Series: Sendable {
    package let title: String
    package let style: Int
    package let points: [Point]
  }

  package var width = 330.0
  package var height = 240.0
  package let series: [Series]
  /// Nil for a linear axis of whole numbers.
  package let categories: [String]?
  package let bottomTitle: String
  package let leftTitle: String
  /// Whether values are shares, shown in percent.
  package let isPercent: Bool
  /// What the left axis never leaves.
  package var limits: ClosedRange<Double>?
  /// Whether 0 is on the left axis.
  package var startsAtZero = false
  /// Whether each value has its marker; for few points.
  package var hasMarkers = true

  package var legend: [LegendEntry] { series.map { LegendEntry(title: $0.title, style: $0.style) } }

  package func draw(on canvas: inout SVGCanvas) {
    let points = series.flatMap(\.points)
    let values = points.flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] }
    let xs = points.map(\.x)
    let range = (xs.min() ?? 0)...(xs.max() ?? 1)
    let frame = PlotFrame(
      width: width, height: height,
      bottom: categories.map(PlotFrame.Bottom.categories)
        ?? .linear(AxisScale(wholeNumbers: range)),
      left: AxisScale(covering: values + (startsAtZero ? [0] : []), limits: limits),
      bottomTitle: bottomTitle, leftTitle: leftTitle, isPercent: isPercent)
    frame.draw(on: &canvas)
    for (index, series) in series.enumerated() {
      drawInterval(of: series, at: index, in: frame, on: &canvas)
    }
    for (index, series) in series.enumerated() {
      let shift = shift(of: index)
      let places = series.points.map { (x: frame.x($0.x) + shift, y: frame.y($0.y)) }
      canvas.polyline(
        places, stroke: .series(series.style), width: hasMarkers ? 1.8 : 1.6,
        dash: MarkerShape.dash(of: series.style))
      guard hasMarkers || places.count == 1 else { continue }
      for (point, place) in zip(series.points, places) {
        canvas.marker(
          series.style, x: place.x, y: place.y, paint: .series(series.style),
          tip: "\(series.title): \(text(point, in: frame))")
      }
    }
  }

  /// Side by side by a little, so that whiskers don't hide each other.
  private func shift(of index: Int) -> Double {
    categories == nil ? 0 : (Double(index) - Double(series.count - 1) / 2) * 2.4
  }

  private func drawInterval(
    of series: Series, at index: Int, in frame: PlotFrame, on canvas: inout SVGCanvas
  ) {
    let known = series.points.filter { $0.low != nil && $0.high != nil }
    guard !known.isEmpty else { return }
    if categories != nil || known.count == 1 {
      for point in known {
        let x = frame.x(point.x) + shift(of: index)
        canvas.line(
          x, frame.y(point.low!), x, frame.y(point.high!), stroke: .series(series.style),
          width: 1.2)
      }
    } else {
      let upper = known.map { (x: frame.x($0.x), y: frame.y($0.high!)) }
      let lower = known.reversed().map { (x: frame.x($0.x), y: frame.y($0.low!)) }
      canvas.polygon(upper + lower, fill: .series(series.style), opacity: 0.15)
    }
  }

  private func text(_ point: Point, in frame: PlotFrame) -> String {
    let place = categories.map { $0[Int(point.x)] } ?? NumberText.short(point.x)
    guard isPercent else { return "\(place), \(NumberText.short(point.y))" }
    return "\(place), "
      + NumberText.estimate(Estimate(point.y, low: point.low, high: point.high)) + " %"
  }
}
