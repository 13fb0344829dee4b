/// Points of two numbers, each of a category.
package struct ScatterChart: Chart {
  package struct Point: Sendable {
    package let x: Double
    package let y: Double
    package let style: Int
    /// What it is, for pointers and readers.
    package let title: String
  }

  package var width = 330.0
  package var height = 250.0
  package let points: [Point]
  package let legend: [LegendEntry]
  package let bottomTitle: String
  package let leftTitle: String
  /// Whether the left values are shares, shown in percent.
  package let isPercent: Bool

  package func draw(on canvas: inout SVGCanvas) {
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
