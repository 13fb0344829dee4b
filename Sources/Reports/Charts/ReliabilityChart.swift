/// Accuracy against confidence, bin by bin: on the diagonal a model is as sure as it is right. The
/// strip below shows how the images spread over the bins.
package struct ReliabilityChart: Chart {
  package struct Bin: Sendable {
    package let lower: Double
    package let upper: Double
    package let samples: Int
    package let meanConfidence: Double
    package let accuracy: Double
  }

  package var width = 330.0
  package var height = 290.0
  package let bins: [Bin]
  package let style: Int

  private static let stripHeight = 46.0

  package func draw(on canvas: inout SVGCanvas) {
    let frame = PlotFrame(
      width: width, height: height - Self.stripHeight,
      bottom: .linear(AxisScale(covering: [0, 1])), left: AxisScale(covering: [0, 1]),
      bottomTitle: "confidence in %", leftTitle: "accuracy in %", isPercent: true,
      bottomIsPercent: true)
    frame.draw(on: &canvas)
    canvas.line(
      frame.x(0), frame.y(0), frame.x(1), frame.y(1), stroke: .muted, width: 1.2, dash: "4 3")
    canvas.polyline(
      bins.map { (x: frame.x($0.meanConfidence), y: frame.y($0.accuracy)) },
      stroke: .series(style), width: 1.8)
    let total = Double(max(bins.map(\.samples).reduce(0, +), 1))
    let most = Double(bins.map(\.samples).max() ?? 1)
    let bottom = height - 4
    for bin in bins {
      let share = NumberText.percent(Double(bin.samples) / total)
      canvas.marker(
        style, x: frame.x(bin.meanConfidence), y: frame.y(bin.accuracy), paint: .series(style),
        tip: "confidence \(NumberText.percent(bin.meanConfidence)) %, accuracy "
          + "\(NumberText.percent(bin.accuracy)) %, \(share) % of the images")
      let bar = Double(bin.samples) / most * (Self.stripHeight - 14)
      canvas.rectangle(
        x: frame.x(bin.lower) + 0.5, y: bottom - bar,
        width: max(frame.x(bin.upper) - frame.x(bin.lower) - 1, 1), height: bar,
        fill: .series(style), opacity: 0.55, tip: "\(bin.samples) images")
    }
    canvas.line(frame.plotLeft, bottom, frame.plotRight, bottom, stroke: .muted)
    canvas.text(
      "images", x: frame.plotLeft - 6, y: bottom - 4, size: 11, paint: .muted, anchor: .end)
  }
}
