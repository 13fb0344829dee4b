internal import Foundation
internal import TensorCore

// Built places.
extension ScenesTask {
  static func paintChurch(
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
  static func paintArch(
    _ canvas: inout Canvas, _ foot: Point, width: Float, height: Float, _ colour: Colour
  ) {
    var path = Path.rectangle(
      foot.x - width / 2, foot.y - height + width / 2, foot.x + width / 2, foot.y)
    path.append(.circle(Point(foot.x, foot.y - height + width / 2), width / 2, sides: 12))
    canvas.fill(path, colour)
  }

  static func paintStreet(
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
