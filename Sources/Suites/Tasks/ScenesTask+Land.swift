internal import Foundation
internal import TensorCore

// Open country.
extension ScenesTask {
  static func paintDesert(
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

  static func paintField(
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

  static func paintMountain(
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

  static func paintPeak(
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

  /// A jagged skyline over `base`.
  static func paintRidge(
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

  static func paintTree(
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
}
