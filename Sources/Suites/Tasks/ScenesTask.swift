internal import Foundation
public import Imaging
public import TensorCore

/// Places, indoors and outdoors, at eye level (after SUN397).
public enum ScenesTask: SuiteTask {
  public static let name = "scenes"
  public static let classNames = [
    "beach", "bedroom", "church", "desert", "field", "forest-path", "kitchen", "mountain", "office",
    "street",
  ]
  public static let isMirrorInvariant = true

  public static func render(classIndex: Int, random: inout KeyedRandom) -> PixelImage {
    let kind = classNames[classIndex]
    var canvas: Canvas
    switch kind {
    case "bedroom", "kitchen", "office":
      canvas = Interiors.paint(kind, using: &random)
    default:
      let day = Daylight(using: &random)
      canvas = Canvas(day.skyTop)
      let horizon = random.float(24...40)
      day.paintSky(&canvas, to: horizon + 6, using: &random)
      canvas.transform = framing(&random)
      switch kind {
      case "beach": paintBeach(&canvas, day, horizon, &random)
      case "church": paintChurch(&canvas, day, horizon + 12, &random)
      case "desert": paintDesert(&canvas, day, horizon, &random)
      case "field": paintField(&canvas, day, horizon, &random)
      case "forest-path": paintForestPath(&canvas, day, &random)
      case "mountain": paintMountain(&canvas, day, horizon, &random)
      default: paintStreet(&canvas, day, horizon, &random)
      }
      canvas.transform = Affine()
      canvas.fill(.rectangle(-1, -1, 65, 65), day.light)
    }
    if random.chance(0.2) { paintForeground(&canvas, &random) }
    var camera = Camera.random(1, using: &random)
    camera.tint *= Colour(1 + random.spread(0.06), 1, 1 + random.spread(0.06))
    return camera.develop(canvas, using: &random)
  }

  /// Where the photographer stands and how far the lens is zoomed in; never quite level.
  static func framing(_ random: inout KeyedRandom) -> Affine {
    let zoom = random.float(1...1.45)
    return Affine().translated(random.float(25...39), random.float(26...38))
      .rotated(random.spread(0.03)).scaled(random.sign() * zoom, zoom * random.float(0.95...1.1))
      .translated(-32, -32)
  }

  /// A post, a curtain or a person close to the lens.
  private static func paintForeground(_ canvas: inout Canvas, _ random: inout KeyedRandom) {
    let x = random.chance(0.5) ? random.float(0...12) : random.float(52...64)
    let width = random.float(2...6)
    let top = random.float(-30...40)
    canvas.fill(
      .roundedRectangle(x - width, top, x + width, 80, radius: 2),
      random.colour(saturation: 0...0.6, value: 0.08...0.7))
  }

  static func paintBeach(
    _ canvas: inout Canvas, _ day: Daylight, _ horizon: Float, _ random: inout KeyedRandom
  ) {
    let sea = Colour(
      hue: random.float(0.48...0.6), saturation: random.float(0.3...0.7),
      value: random.float(0.35...0.7))
    canvas.fill(
      .rectangle(-20, horizon, 84, 84), from: sea.lit(0.8), at: Point(0, horizon), to: sea.lit(1.3),
      at: Point(0, 64))
    let sand = Colour(
      hue: random.float(0.09...0.13), saturation: random.float(0.15...0.4),
      value: random.float(0.6...0.92))
    let near = horizon + random.float(7...16)
    let far = near + random.float(-3...18)
    let shore = Point.spline(
      (0...5).map { step in
        let x = -20 + Float(step) * 20.8
        return Point(x, near + (far - near) * Float(step) / 5 + random.spread(1.2))
      })
    func beach(_ offset: Float) -> Path {
      .contour(shore.map { $0 + Point(0, offset) } + [Point(84, 90), Point(-20, 90)])
    }
    canvas.fill(beach(-random.float(3...6)), .grey(1).opacity(0.35))
    canvas.fill(beach(-1), .grey(0.96))
    canvas.fill(beach(0.6), sand.lit(0.75))
    canvas.fill(beach(3), sand)
    for _ in 0..<random.count(0...5) {
      // Waves.
      let y = random.float(horizon + 2...near)
      let x = random.float(-10...50)
      canvas.fill(.ellipse(Point(x, y), Point(random.float(4...14), 0.5)), .grey(0.95).opacity(0.6))
    }
    if random.chance(0.45) { paintPalm(&canvas, at: random.point(4...60, 50...64), &random) }
    for _ in 0..<random.count(0...2) {
      // Parasols.
      let foot = random.point(6...58, near + 4...near + 10)
      canvas.fill(.line(foot, foot - Point(0, 9), width: 0.8), .grey(0.85))
      canvas.fill(
        .polygon(foot.x - 6, foot.y - 8, foot.x, foot.y - 12, foot.x + 6, foot.y - 8),
        random.colour(saturation: 0.5...0.9, value: 0.6...0.95))
    }
    canvas.modulate(.noise(random.float(2...4), octaves: 2, using: &random), 0.06)
  }

  static func paintPalm(
    _ canvas: inout Canvas, at foot: Point, _ random: inout KeyedRandom
  ) {
    let top = foot + Point(random.float(-10...10), random.float(-44...(-26)))
    let bend = (foot + top) * 0.5 + Point(random.float(-4...4), 0)
    canvas.fill(
      .stroke(Point.spline([foot, bend, top]), width: 2), Colour(0.35, 0.27, 0.18))
    let leaf = Colour(0.15, random.float(0.3...0.45), 0.14)
    for frond in 0..<7 {
      let angle = Float(frond) * 0.9 + random.spread(0.2)
      let tip = top + .direction(angle) * random.float(8...13) + Point(0, 3)
      let middle = (top + tip) * 0.5 - Point(0, 3)
      canvas.fill(.stroke(Point.spline([top, middle, tip], steps: 4), width: 1.7), leaf)
    }
  }

  static func paintForestPath(
    _ canvas: inout Canvas, _ day: Daylight, _ random: inout KeyedRandom
  ) {
    let leaf = Colour(
      hue: random.float(0.14...0.38), saturation: random.float(0.3...0.65),
      value: random.float(0.3...0.6))
    let horizon = random.float(28...38)
    canvas.fill(
      .rectangle(-20, -20, 84, 84), from: leaf.lit(0.6), at: Point(0, 0),
      to: leaf.lit(1.1).mixed(day.skyBottom, 0.3), at: Point(0, horizon))
    canvas.modulate(.noise(random.float(4...7), octaves: 3, gain: 0.8, using: &random), 0.5)
    canvas.fill(
      .rectangle(-20, horizon, 84, 84), from: leaf.lit(0.9), at: Point(0, horizon),
      to: leaf.lit(0.5), at: Point(0, 64))
    let soil = Colour(
      hue: random.float(0.06...0.12), saturation: random.float(0.2...0.45),
      value: random.float(0.4...0.7))
    let end = Point(random.float(22...42), horizon)
    let width = random.float(12...24)
    let near = random.float(22...42)
    let bend = random.spread(5)
    func border(_ side: Float) -> [Point] {
      Point.spline([
        end + Point(side, 0),
        Point((end.x + near) / 2 + bend + side * width * 0.35, (horizon + 64) / 2),
        Point(near + side * width, 70),
      ])
    }
    canvas.fill(
      .contour(border(-1) + border(1).reversed()), from: soil.lit(1.1), at: end,
      to: soil.lit(0.8), at: Point(0, 64))
    canvas.modulate(.noise(random.float(3...5), octaves: 2, using: &random), 0.2)
    // Trunks, the far ones first.
    let count = random.count(7...13)
    for number in 0..<count {
      let depth = (Float(number) + random.float(0...1)) / Float(count)
      let side = random.sign()
      let foot = horizon + 1 + depth * depth * 34
      let clear = 4 + depth * depth * width * 1.1
      let x = end.x + (near - end.x) * depth + side * (clear + random.float(0...26))
      let girth = 1 + depth * depth * random.float(4...7)
      let bark = Colour(0.3, 0.25, 0.2).lit(random.float(0.4...1.3) * (1.3 - 0.6 * depth))
      canvas.fill(
        .polygon(
          x - girth * 0.4, -20, x + girth * 0.4, -20, x + girth / 2, foot, x - girth / 2, foot),
        from: bark.lit(1.3), at: Point(x - girth / 2, 0), to: bark.lit(0.6),
        at: Point(x + girth / 2, 0))
    }
    for _ in 0..<random.count(4...9) {
      let place = random.point(-4...68, -6...16)
      canvas.fill(
        .circle(place, random.float(4...9), sides: 12),
        random.variant(of: leaf.lit(0.8), 0.2).opacity(0.8))
    }
  }
}
