/// Points of two numbers, each of a category.
struct ScatterChart: Chart {
  struct Point: Sendable {
    let x: Double
    let y: Double
    let style: Int
    /// What it is, for pointers and readers.
    let title: String
  }

  var width = 330.0
  var height = 250.0
  let points: [Point]
  let legend: [LegendEntry]
  let bottomTitle: String
  let leftTitle: String
  /// Whether the left values are shares, shown in percent.
  let isPercent: Bool

  func draw(on canvas: inout SVGCanvas) {
    let frame = PlotFrame(
      width: width, height: height, bottom: .linear(AxisScale(covering: points.map(\.x) + [0])),
      left: AxisScale(covering: points.map(\.y), limits: isPercent ? 0...1 : nil),
      bottomTitle: bottomTitle, leftTitle: leftTitle, isPercent: isPercent)
    frame.draw(on: &canvas)
    for point in points {
      canvas.marker(
        point.style, x: frame.x(point.x), y: frame.y(point.y), paint: .series(point.style),
        tip: point.title)
    }
  }
}
