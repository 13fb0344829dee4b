internal import Foundation

/// SVG elements, written one after another. All text is escaped here.
package struct SVGCanvas: Sendable {
  package enum Anchor: String, Sendable { case start, middle, end }

  package static let fontFamily =
    "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

  package let theme: ChartTheme
  private(set) var body = ""

  package init(theme: ChartTheme) { self.theme = theme }

  package mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: Paint, radius: Double = 0,
    opacity: Double = 1, tip: String? = nil
  ) {
    var attributes = [
      ("x", number(x)), ("y", number(y)), ("width", number(width)), ("height", number(height)),
      ("fill", theme.color(fill)),
    ]
    if radius > 0 { attributes.append(("rx", number(radius))) }
    if opacity < 1 { attributes.append(("fill-opacity", number(opacity))) }
    element("rect", attributes, tip: tip)
  }

  package mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: Paint, width: Double = 1,
    dash: String? = nil
  ) {
    var attributes = [
      ("x1", number(x1)), ("y1", number(y1)), ("x2", number(x2)), ("y2", number(y2)),
      ("stroke", theme.color(stroke)), ("stroke-width", number(width)),
    ]
    if let dash { attributes.append(("stroke-dasharray", dash)) }
    element("line", attributes)
  }

  package mutating func polyline(
    _ points: [(x: Double, y: Double)], stroke: Paint, width: Double = 2, dash: String? = nil
  ) {
    guard points.count > 1 else { return }
    var attributes = [
      ("points", list(points)), ("fill", "none"), ("stroke", theme.color(stroke)),
      ("stroke-width", number(width)), ("stroke-linejoin", "round"), ("stroke-linecap", "round"),
    ]
    if let dash { attributes.append(("stroke-dasharray", dash)) }
    element("polyline", attributes)
  }

  package mutating func polygon(_ points: [(x: Double, y: Double)], fill: Paint, opacity: Double) {
    element(
      "polygon",
      [
        ("points", list(points)), ("fill", theme.color(fill)), ("fill-opacity", number(opacity)),
      ])
  }

  /// A filled path, `data` in SVG's commands.
  package mutating func path(_ data: String, fill: Paint, tip: String? = nil) {
    element("path", [("d", data), ("fill", theme.color(fill))], tip: tip)
  }

  package mutating func text(
    _ text: String, x: Double, y: Double, size: Double = 12, paint: Paint = .ink,
    anchor: Anchor = .start, isBold: Bool = false, rotation: Double = 0, tip: String? = nil
  ) {
    var attributes = [
      ("x", number(x)), ("y", number(y)), ("font-size", number(size)), ("fill", theme.color(paint)),
    ]
    if anchor != .start { attributes.append(("text-anchor", anchor.rawValue)) }
    if isBold { attributes.append(("font-weight", "700")) }
    if rotation != 0 {
      attributes.append(("transform", "rotate(\(number(rotation)) \(number(x)) \(number(y)))"))
    }
    open("text", attributes)
    if let tip { body += "<title>\(Markup.escaped(tip))</title>" }
    body += "\(Markup.escaped(text))</text>\n"
  }

  /// The marker of the `index`-th category, about 7 pixels wide.
  package mutating func marker(_ index: Int, x: Double, y: Double, paint: Paint, tip: String? = nil)
  {
    let shape = MarkerShape.of(index)
    path(shape.path(x: x, y: y), fill: paint, tip: tip)
  }

  /// The whole document, or the element to put into a page.
  ///
  /// - Parameters:
  ///   - id: what the page's other elements refer to; unique in it.
  package func svg(width: Double, height: Double, id: String, title: String, description: String)
    -> String
  {
    let size = "width=\"\(number(width))\" height=\"\(number(height))\""
    let box = "viewBox=\"0 0 \(number(width)) \(number(height))\""
    var head = "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) \(box) role=\"img\""
    head += " aria-labelledby=\"\(id)-title \(id)-desc\" font-family=\"\(Self.fontFamily)\">\n"
    head += "<title id=\"\(id)-title\">\(Markup.escaped(title))</title>\n"
    head += "<desc id=\"\(id)-desc\">\(Markup.escaped(description))</desc>\n"
    if theme == .file {
      head += "<rect width=\"100%\" height=\"100%\" fill=\"\(theme.color(.paper))\"/>\n"
    }
    return head + body + "</svg>\n"
  }

  private mutating func open(_ name: String, _ attributes: [(String, String)]) {
    body += "<\(name)"
    for (key, value) in attributes { body += " \(key)=\"\(value)\"" }
    body += ">"
  }

  private mutating func element(
    _ name: String, _ attributes: [(String, String)], tip: String? = nil
  ) {
    guard let tip else {
      body += "<\(name)"
      for (key, value) in attributes { body += " \(key)=\"\(value)\"" }
      body += "/>\n"
      return
    }
    open(name, attributes)
    body += "<title>\(Markup.escaped(tip))</title></\(name)>\n"
  }

  private func list(_ points: [(x: Double, y: Double)]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  private func number(_ value: Double) -> String { Self.number(value) }

  /// In hundredths of a pixel at most.
  package static func number(_ value: Double) -> String {
    let hundredths = (value * 100).rounded()
    if hundredths.truncatingRemainder(dividingBy: 100) == 0 { return "\(Int(hundredths) / 100)" }
    return String(
      format: hundredths.truncatingRemainder(dividingBy: 10) == 0 ? "%.1f" : "%.2f",
      hundredths / 100)
  }
}

/// Shapes that tell categories apart beside their colours.
package enum MarkerShape: CaseIterable, Sendable {
  case circle, square, triangle, diamond, downTriangle, cross, pentagon

  package static func of(_ index: Int) -> MarkerShape { allCases[index % allCases.count] }

  /// Path commands for the shape around (x, y).
  package func path(x: Double, y: Double) -> String {
    func closed(_ points: [(Double, Double)]) -> String {
      "M"
        + points.map { "\(SVGCanvas.number(x + $0.0)) \(SVGCanvas.number(y + $0.1))" }
        .joined(separator: "L") + "Z"
    }
    switch self {
    case .circle:
      let start = "M\(SVGCanvas.number(x - 3.4)) \(SVGCanvas.number(y))"
      return "\(start)a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0 -6.8 0Z"
    case .square: return closed([(-3, -3), (3, -3), (3, 3), (-3, 3)])
    case .triangle: return closed([(0, -4), (3.8, 3), (-3.8, 3)])
    case .diamond: return closed([(0, -4.4), (4.2, 0), (0, 4.4), (-4.2, 0)])
    case .downTriangle: return closed([(0, 4), (3.8, -3), (-3.8, -3)])
    case .cross:
      return closed([
        (-1.2, -4), (1.2, -4), (1.2, -1.2), (4, -1.2), (4, 1.2), (1.2, 1.2), (1.2, 4), (-1.2, 4),
        (-1.2, 1.2), (-4, 1.2), (-4, -1.2), (-1.2, -1.2),
      ])
    case .pentagon: return closed([(0, -4), (3.9, -1.2), (2.4, 3.4), (-2.4, 3.4), (-3.9, -1.2)])
    }
  }

  /// The dashes of the line of the `index`-th category: solid for as many as there are colours.
  package static func dash(of index: Int) -> String? {
    index < Palette.light.series.count
      ? nil : index < 2 * Palette.light.series.count ? "5 3" : "2 3"
  }
}
