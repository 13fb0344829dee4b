/// The axes of a chart with two scales: grid, ticks, titles, and the way from data to pixels.
package struct PlotFrame: Sendable {
  package enum Bottom: Sendable {
    case linear(AxisScale)
    /// Named places side by side.
    case categories([String])
  }

  package let width: Double
  package let height: Double
  package let bottom: Bottom
  package let left: AxisScale
  package let bottomTitle: String
  package let leftTitle: String
  /// How the left axis writes its ticks; nil takes plain numbers.
  package var leftText: @Sendable (Double) -> String
  package var bottomText: @Sendable (Double) -> String

  private let leftMargin: Double
  private let rightMargin = 14.0
  private let topMargin = 10.0
  private let bottomMargin: Double
  private let categoryLines: [[String]]

  package init(
    width: Double, height: Double, bottom: Bottom, left: AxisScale, bottomTitle: String,
    leftTitle: String, isPercent: Bool, bottomIsPercent: Bool = false
  ) {
    self.width = width
    self.height = height
    self.bottom = bottom
    self.left = left
    self.bottomTitle = bottomTitle
    self.leftTitle = leftTitle
    let decimals = left.decimals
    let leftText: @Sendable (Double) -> String = { value in
      isPercent
        ? NumberText.fixed(value * 100, max(0, decimals - 2)) : NumberText.fixed(value, decimals)
    }
    self.leftText = leftText
    var bottomDecimals = 0
    if case .linear(let scale) = bottom { bottomDecimals = scale.decimals }
    let fixedDecimals = bottomDecimals
    bottomText = { value in
      bottomIsPercent
        ? NumberText.fixed(value * 100, max(0, fixedDecimals - 2))
        : NumberText.fixed(value, fixedDecimals)
    }
    let widest = left.ticks.map { TextMetrics.width(leftText($0), size: 11) }.max() ?? 0
    leftMargin = widest + 32
    if case .categories(let names) = bottom {
      let room = (width - leftMargin - rightMargin) / Double(max(names.count, 1)) - 4
      categoryLines = names.map { TextMetrics.wrapped($0, to: room, size: 11, lines: 3) }
    } else {
      categoryLines = []
    }
    let lines = categoryLines.map(\.count).max() ?? 1
    bottomMargin = 12 + 13 * Double(lines) + (bottomTitle.isEmpty ? 0 : 18)
  }

  package var plotLeft: Double { leftMargin }
  package var plotRight: Double { width - rightMargin }
  package var plotTop: Double { topMargin }
  package var plotBottom: Double { height - bottomMargin }

  package func x(_ value: Double) -> Double {
    switch bottom {
    case .linear(let scale): plotLeft + scale.position(value) * (plotRight - plotLeft)
    case .categories(let names):
      plotLeft + (value + 0.5) / Double(max(names.count, 1)) * (plotRight - plotLeft)
    }
  }

  package func y(_ value: Double) -> Double {
    plotBottom - left.position(value) * (plotBottom - plotTop)
  }

  package func draw(on canvas: inout SVGCanvas) {
    for tick in left.ticks {
      canvas.line(plotLeft, y(tick), plotRight, y(tick), stroke: .grid)
      canvas.text(
        leftText(tick), x: plotLeft - 6, y: y(tick) + 4, size: 11, paint: .muted, anchor: .end)
    }
    canvas.line(plotLeft, plotBottom, plotRight, plotBottom, stroke: .muted)
    switch bottom {
    case .linear(let scale):
      for tick in scale.ticks {
        canvas.line(x(tick), plotBottom, x(tick), plotBottom + 4, stroke: .muted)
        canvas.text(
          bottomText(tick), x: x(tick), y: plotBottom + 16, size: 11, paint: .muted, anchor: .middle
        )
      }
    case .categories(let names):
      for (index, lines) in categoryLines.enumerated() {
        for (row, line) in lines.enumerated() {
          canvas.text(
            line, x: x(Double(index)), y: plotBottom + 16 + 13 * Double(row), size: 11,
            paint: .muted, anchor: .middle, tip: line == names[index] ? nil : names[index])
        }
      }
    }
    if !bottomTitle.isEmpty {
      canvas.text(
        bottomTitle, x: (plotLeft + plotRight) / 2, y: height - 5, size: 11.5, paint: .ink,
        anchor: .middle)
    }
    canvas.text(
      leftTitle, x: 12, y: (plotTop + plotBottom) / 2, size: 11.5, paint: .ink, anchor: .middle,
      rotation: -90)
  }
}
