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
      // Nobody holds a camera quite level.
      canvas.transform = Affine().translated(32, 32).rotated(random.spread(0.03))
        .scaled(random.sign(), 1).translated(-32, -32)
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
    return Camera.random(1, using: &random).develop(canvas, using: &random)
  }

  private static func paintBeach(
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

  private static func paintPalm(
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

  private static func paintDesert(
    _ canvas: inout Canvas, _ day: Daylight, _ horizon: Float, _ random: inout KeyedRandom
  ) {
    let sand = Colour(
      hue: random.float(0.05...0.12), saturation: random.float(0.3...0.6),
      value: random.float(0.55...0.9))
    var level = horizon
    for layer in 0..<random.count(3...4) {
      // Dunes: a lit and a shaded face meet in a crest.
      let tone = sand.lit(0.85 + 0.08 * Float(layer) + random.spread(0.04))
      let crest = Point.spline(
        (0...4).map { Point(-20 + Float($0) * 26, level + random.spread(2.6 + Float(layer))) })
      let base = [Point(84, 90), Point(-20, 90)]
      canvas.fill(
        .contour(crest + base), from: tone.lit(1.12), at: Point(0, level), to: tone.lit(0.9),
        at: Point(0, level + 26))
      let peak = random.count(5...15)
      let foot = Point(crest[peak].x + random.float(-22...22), 70)
      canvas.fill(
        .contour(Array(crest[peak...]) + [Point(84, 90), foot]),
        tone.lit(random.float(0.55...0.78)).opacity(0.8))
      level += random.float(7...13)
    }
    for _ in 0..<random.count(0...4) {
      if random.chance(0.5) {
        let foot = random.point(4...60, horizon + 6...60)
        let size = (foot.y - horizon) * 0.4 + 3
        let green = Colour(0.25, 0.36, 0.2)
        canvas.fill(.stroke([foot, foot - Point(0, size)], width: size * 0.2), green)
        let arm = Point.pairs([
          foot.x, foot.y - size * 0.4, foot.x + size * 0.35, foot.y - size * 0.4,
          foot.x + size * 0.35, foot.y - size * 0.8,
        ])
        canvas.fill(.stroke(arm, width: size * 0.15), green)
      } else {
        let place = random.point(0...64, horizon + 3...62)
        let size = (place.y - horizon) * 0.12 + 0.8
        canvas.fill(.ellipse(place, Point(size * 1.5, size)), Colour(0.36, 0.34, 0.2))
      }
    }
    canvas.modulate(.noise(random.float(2...5), octaves: 2, using: &random), 0.05)
  }

  private static func paintField(
    _ canvas: inout Canvas, _ day: Daylight, _ horizon: Float, _ random: inout KeyedRandom
  ) {
    if random.chance(0.6) {
      // Far hills or a line of trees.
      paintRidge(
        &canvas, horizon, height: random.float(2...6), roughness: 2,
        Colour(0.3, 0.4, 0.38).lit(random.float(0.7...1.3)), &random)
    }
    let crop = Colour(
      hue: random.float(0.1...0.33), saturation: random.float(0.3...0.7),
      value: random.float(0.4...0.8))
    canvas.fill(
      .rectangle(-20, horizon, 84, 84), from: crop.lit(0.9), at: Point(0, horizon),
      to: crop.lit(1.05), at: Point(0, 64))
    // Furrows run to the vanishing point.
    let vanishing = Point(random.float(5...59), horizon - 1)
    let step = random.float(7...14)
    var x: Float = -150 + random.float(0...10)
    var furrows = Path()
    while x < 210 {
      furrows.append([vanishing, Point(x, 70), Point(x + step * 0.45, 70)])
      x += step
    }
    canvas.fill(furrows, crop.lit(random.float(0.5...0.8)).opacity(random.float(0.5...0.9)))
    for _ in 0..<random.count(0...3) {
      let foot = Point(random.float(0...64), horizon + random.float(0...3))
      paintTree(&canvas, foot, size: random.float(4...10), &random)
    }
    let flowers = Field.noise(3, octaves: 2, using: &random)
    canvas.modulate(flowers, 0.08)
  }

  private static func paintTree(
    _ canvas: inout Canvas, _ foot: Point, size: Float, _ random: inout KeyedRandom
  ) {
    let leaf = Colour(
      hue: random.float(0.2...0.38), saturation: 0.5, value: random.float(0.18...0.42))
    canvas.fill(
      .line(foot, foot - Point(0, size), width: max(0.8, size * 0.14)), Colour(0.22, 0.17, 0.12))
    for _ in 0..<4 {
      let center = foot + Point(random.spread(size * 0.16), -size * random.float(0.9...1.5))
      canvas.fill(.circle(center, size * 0.45, sides: 12), random.variant(of: leaf, 0.1))
    }
  }

  /// A jagged skyline over `base`.
  private static func paintRidge(
    _ canvas: inout Canvas, _ base: Float, height: Float, roughness: Float, _ colour: Colour,
    _ random: inout KeyedRandom
  ) {
    var points = [Point(-20, base + 2)]
    for step in 0...20 {
      let x = -20 + Float(step) * 5.2
      points.append(
        Point(x, base - height * random.float(0.4...1) + random.spread(roughness * 0.3)))
    }
    points.append(Point(84, base + 2))
    canvas.fill(.contour(points), colour)
  }

  private static func paintForestPath(
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

  private static func paintMountain(
    _ canvas: inout Canvas, _ day: Daylight, _ horizon: Float, _ random: inout KeyedRandom
  ) {
    let rock = Colour(
      hue: random.float(0.05...0.65), saturation: random.float(0.05...0.25),
      value: random.float(0.3...0.55))
    let base = horizon + random.float(8...16)
    for layer in 0..<random.count(1...3) {
      let far = Float(2 - layer) * 0.2
      let tone = rock.mixed(day.skyBottom, max(0, far))
      var x: Float = -20 + random.float(-10...10)
      while x < 84 {
        let width = random.float(18...32)
        let height = random.float(20...38) - Float(layer) * 6
        paintPeak(&canvas, Point(x, base - height), width: width, base: base, tone, &random)
        x += width * random.float(0.7...1.2)
      }
    }
    let meadow = Colour(
      hue: random.float(0.1...0.35), saturation: 0.4, value: random.float(0.25...0.55))
    canvas.fill(.rectangle(-20, base - 0.5, 84, 90), meadow)
    if random.chance(0.35) {
      canvas.fill(
        .rectangle(-20, base + 3, 84, 90), from: day.skyBottom.lit(0.7), at: Point(0, base),
        to: day.skyTop.lit(0.5), at: Point(0, 64))
    } else {
      for _ in 0..<random.count(5...16) {
        let foot = random.point(-4...68, base...66)
        let size = 3 + (foot.y - base) * 0.35
        canvas.fill(
          .polygon(
            foot.x - size * 0.4, foot.y, foot.x, foot.y - size * 1.8, foot.x + size * 0.4, foot.y),
          Colour(0.1, 0.2, 0.13).lit(random.float(0.7...1.4)))
      }
    }
  }

  private static func paintPeak(
    _ canvas: inout Canvas, _ peak: Point, width: Float, base: Float, _ rock: Colour,
    _ random: inout KeyedRandom
  ) {
    func flank(_ side: Float) -> [Point] {
      (1...3).map { step in
        let share = Float(step) / 3
        return Point(
          peak.x + side * width * share + random.spread(1),
          peak.y + (base - peak.y) * share + random.spread(0.8))
      }
    }
    let left = flank(-1)
    let right = flank(1)
    let spur = Point(peak.x + random.spread(width * 0.12), base)
    let ridge = [peak, Point((peak.x + spur.x) / 2 + random.spread(2), (peak.y + base) / 2), spur]
    canvas.fill(.contour(left.reversed() + ridge), rock.lit(1.25))
    canvas.fill(.contour(right.reversed() + ridge), rock.lit(0.7))
    guard random.chance(0.75) else { return }
    // Snow down to a ragged line.
    let depth = random.float(0.2...0.45)
    let line = peak.y + (base - peak.y) * depth
    let half = width * depth
    let rags = (0...6).map { step in
      Point(
        peak.x + half * (1 - Float(step) / 3), line + (step % 2 == 0 ? -1 : 2) + random.spread(0.6))
    }
    canvas.fill(.contour([peak] + rags), Colour(0.95, 0.96, 1))
    canvas.fill(.contour([peak, rags[0], rags[1], rags[2], rags[3]]), Colour(0.7, 0.76, 0.86))
  }

  private static func paintChurch(
    _ canvas: inout Canvas, _ day: Daylight, _ ground: Float, _ random: inout KeyedRandom
  ) {
    if random.chance(0.5) {
      paintRidge(
        &canvas, ground, height: random.float(5...12), roughness: 3, Colour(0.28, 0.36, 0.3),
        &random)
    }
    let wall = Colour(
      hue: random.float(0.03...0.14), saturation: random.float(0.05...0.4),
      value: random.float(0.5...0.95))
    let roof = random.variant(of: random.roofColour(), 0.08)
    let meadow = random.chance(0.6) ? Colour(0.34, 0.46, 0.22) : Colour.grey(0.55)
    canvas.fill(.rectangle(-20, ground, 84, 90), random.variant(of: meadow, 0.12))
    let x = random.float(16...40)
    let half = random.float(5...7.5)
    let top = ground - random.float(24...32)
    let spire = random.float(10...22)
    let nave = random.float(20...32)
    let eaves = ground - random.float(11...16)
    canvas.fill(.rectangle(x, eaves, x + half + nave, ground + 1), wall)
    canvas.fill(
      .polygon(
        x, eaves, x + half + 2, eaves - 9, x + half + nave - 3, eaves - 9, x + half + nave + 1,
        eaves),
      roof)
    var window = x + half + 4
    while window < x + half + nave - 4 {
      paintArch(&canvas, Point(window, ground - 3), width: 2.6, height: 7, wall.lit(0.3))
      window += 6
    }
    canvas.fill(
      .rectangle(x - half, top, x + half, ground + 1), from: wall.lit(1.1), at: Point(x - half, 0),
      to: wall.lit(0.75), at: Point(x + half, 0))
    canvas.fill(.polygon(x - half - 1, top, x, top - spire, x + half + 1, top), roof.lit(0.85))
    canvas.fill(.line(Point(x, top - spire - 5), Point(x, top - spire + 1), width: 0.8), .grey(0.2))
    canvas.fill(
      .line(Point(x - 1.6, top - spire - 3.4), Point(x + 1.6, top - spire - 3.4), width: 0.8),
      .grey(0.2))
    paintArch(&canvas, Point(x, top + 9), width: 3, height: 6, wall.lit(0.3))
    paintArch(&canvas, Point(x, ground + 1), width: 4.4, height: 8, Colour(0.28, 0.18, 0.12))
    for _ in 0..<random.count(0...3) {
      paintTree(
        &canvas, Point(random.float(0...64), ground + random.float(0...5)),
        size: random.float(5...10), &random)
    }
    canvas.modulate(.noise(random.float(3...6), octaves: 2, using: &random), 0.12)
  }

  /// A round-headed opening standing on `foot`.
  private static func paintArch(
    _ canvas: inout Canvas, _ foot: Point, width: Float, height: Float, _ colour: Colour
  ) {
    var path = Path.rectangle(
      foot.x - width / 2, foot.y - height + width / 2, foot.x + width / 2, foot.y)
    path.append(.circle(Point(foot.x, foot.y - height + width / 2), width / 2, sides: 12))
    canvas.fill(path, colour)
  }

  private static func paintStreet(
    _ canvas: inout Canvas, _ day: Daylight, _ horizon: Float, _ random: inout KeyedRandom
  ) {
    let vanishing = Point(random.float(22...42), horizon)
    let road = Colour.grey(random.float(0.25...0.5))
    canvas.fill(.rectangle(-20, horizon, 84, 90), Colour.grey(random.float(0.45...0.7)))
    let half = random.float(22...38)
    for side in [Float(-1), 1] {
      // House fronts in perspective: share 0 is at the vanishing point, 1 at the border.
      var near: Float = 1.15
      let reach = side < 0 ? vanishing.x + 14 : 78 - vanishing.x
      while near > 0.12 {
        let far = near * random.float(0.55...0.75)
        let wall = random.colour(saturation: 0.05...0.45, value: 0.35...0.9)
        let height = random.float(26...60)
        func corner(_ share: Float, _ level: Float) -> Point {
          vanishing + Point(side * reach * share, level * share)
        }
        canvas.fill(
          .contour([
            corner(near, -height), corner(far, -height), corner(far, 17), corner(near, 17),
          ]), wall.lit(side < 0 ? 1 : 0.8))
        var level: Float = 6
        while level < height - 5 {
          for column in 0..<3 {
            let first = near + (far - near) * (Float(column) + 0.25) / 3
            let second = near + (far - near) * (Float(column) + 0.7) / 3
            canvas.fill(
              .contour([
                corner(first, -level), corner(second, -level), corner(second, -level + 5),
                corner(first, -level + 5),
              ]), wall.lit(random.chance(0.15) ? 1.4 : 0.4))
          }
          level += 10
        }
        near = far
      }
    }
    canvas.fill(
      .polygon(
        vanishing.x - 1, horizon, vanishing.x + 1, horizon, vanishing.x + half, 74,
        vanishing.x - half, 74),
      road)
    var dash: Float = 0.1
    while dash < 1 {
      canvas.fill(
        .polygon(
          vanishing.x - dash * 0.8, horizon + dash * 40, vanishing.x + dash * 0.8,
          horizon + dash * 40, vanishing.x + dash * 1.2, horizon + dash * 52,
          vanishing.x - dash * 1.2, horizon + dash * 52), .grey(0.85))
      dash *= 1.7
    }
    for _ in 0..<random.count(0...4) {
      let share = random.float(0.25...0.8)
      let place = vanishing + Point(random.sign() * half * 0.62 * share, 36 * share)
      let size = 11 * share
      let colour = random.carColour()
      canvas.fill(
        .roundedRectangle(
          place.x - size * 0.55, place.y - size * 0.45, place.x + size * 0.55, place.y,
          radius: size * 0.1), colour)
      canvas.fill(
        .rectangle(
          place.x - size * 0.4, place.y - size * 0.75, place.x + size * 0.4, place.y - size * 0.4),
        colour.lit(0.5))
    }
    canvas.modulate(.noise(random.float(3...6), octaves: 2, using: &random), 0.1)
  }
}
