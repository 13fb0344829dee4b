internal import Foundation

/// A tall grid of coefficients, a layer a row, without numbers: layers of the same block stand
/// together, labelled once.
package struct LayerHeatMap: Chart {
  /// Names of tensors, in the model's order.
  package let layers: [String]
  package let experts: [String]
  /// Of layer by expert; nil leaves a cell empty.
  package let values: [[Double?]]
  package let scaleTitle: String

  /// Colours are rounded to this many, so that the cells of one colour are one path.
  private static let shades = 48
  private static let headingSize = 10.5
  private static let cellWidth = 50.0

  private var rowHeight: Double { min(max(520 / Double(max(layers.count, 1)), 2.5), 16) }

  /// Layers side by side whose names agree up to the block's number.
  private var blocks: [(title: String, rows: Range<Int>)] {
    var blocks: [(title: String, rows: Range<Int>)] = []
    for (index, layer) in layers.enumerated() {
      let title = Self.block(of: layer)
      if let last = blocks.last, last.title == title {
        blocks[blocks.count - 1].rows = last.rows.lowerBound..<index + 1
      } else {
        blocks.append((title, index..<index + 1))
      }
    }
    return blocks
  }

  /// `vision_model.encoder.layers.3.mlp.fc1.weight` is of `layers.3`; a name without a number is
  /// of itself, without `.weight`.
  package static func block(of layer: String) -> String {
    let parts = layer.split(separator: ".")
    guard let number = parts.firstIndex(where: { $0.allSatisfy(\.isNumber) }), number > 0 else {
      return layer.hasSuffix(".weight") ? String(layer.dropLast(".weight".count)) : layer
    }
    return "\(parts[number - 1]).\(parts[number])"
  }

  private var labelWidth: Double {
    min(blocks.map { TextMetrics.width($0.title, size: 11) }.max() ?? 0, 210) + 12
  }

  private var headings: [[String]] {
    experts.map {
      TextMetrics.wrapped($0, to: Self.cellWidth - 2, size: Self.headingSize, lines: 4)
    }
  }

  private var headingHeight: Double { Double(headings.map(\.count).max() ?? 1) * 13 + 8 }

  package var width: Double {
    max(
      labelWidth + Double(experts.count) * Self.cellWidth + 6,
      labelWidth + ColorBar.width(titled: scaleTitle))
  }

  package var height: Double { headingHeight + Double(layers.count) * rowHeight + ColorBar.height }

  package func draw(on canvas: inout SVGCanvas) {
    for (column, lines) in headings.enumerated() {
      for (row, line) in lines.enumerated() {
        canvas.text(
          line, x: labelWidth + (Double(column) + 0.5) * Self.cellWidth,
          y: headingHeight - 8 - 13 * Double(lines.count - 1 - row), size: Self.headingSize,
          paint: .muted, anchor: .middle, tip: experts[column])
      }
    }
    let known = values.joined().compactMap { $0 }
    let least = known.min() ?? 0
    let range = least...max(known.max() ?? 1, least + 1e-6)
    drawCells(range, on: &canvas)
    drawBlocks(on: &canvas)
    ColorBar(map: .sequential, range: range, title: scaleTitle, isPercent: false)
      .draw(on: &canvas, x: labelWidth, y: headingHeight + Double(layers.count) * rowHeight)
  }

  private func drawCells(_ range: ClosedRange<Double>, on canvas: inout SVGCanvas) {
    var paths = [String](repeating: "", count: Self.shades)
    let size =
      "h\(SVGCanvas.number(Self.cellWidth - 2))v\(SVGCanvas.number(rowHeight))"
      + "h-\(SVGCanvas.number(Self.cellWidth - 2))z"
    for (row, line) in values.enumerated() {
      for (column, value) in line.enumerated() {
        guard let value else { continue }
        let position = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        let shade = min(Int(position * Double(Self.shades)), Self.shades - 1)
        let x = labelWidth + Double(column) * Self.cellWidth + 1
        let y = headingHeight + Double(row) * rowHeight
        paths[shade] += "M\(SVGCanvas.number(x)) \(SVGCanvas.number(y))\(size)"
      }
    }
    for (shade, path) in paths.enumerated() where !path.isEmpty {
      let position = (Double(shade) + 0.5) / Double(Self.shades)
      canvas.path(path, fill: .fixed(ColorMap.sequential.color(position)))
    }
  }

  /// Labels of blocks, each where there is room below the one before.
  private func drawBlocks(on canvas: inout SVGCanvas) {
    var free = 0.0
    for block in blocks {
      let top = headingHeight + Double(block.rows.lowerBound) * rowHeight
      if block.rows.lowerBound > 0, block.rows.count > 1 || rowHeight >= 12 {
        canvas.line(labelWidth - 6, top, width - 6, top, stroke: .paper, width: 1)
      }
      let middle = top + Double(block.rows.count) * rowHeight / 2
      guard middle - 6 >= free else { continue }
      free = middle + 6
      canvas.text(
        TextMetrics.shortened(block.title, to: labelWidth - 12, size: 11), x: labelWidth - 8,
        y: middle + 4, size: 11, anchor: .end, tip: block.title)
    }
  }
}
