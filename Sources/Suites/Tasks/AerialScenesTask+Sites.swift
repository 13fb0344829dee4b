internal import Foundation
internal import TensorCore

// Sites that are places of their own: sports grounds, a port, a tank farm.
extension AerialScenesTask {
  static func paintBaseball(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    paintSurroundings(&canvas, land, houses: random.count(0...4), &random)
    let field = random.variant(of: land.grass.lit(1.15), 0.06)
    let dirt = random.variant(of: land.soil, 0.08)
    let reach = random.float(34...46)
    let infield = reach * random.float(0.45...0.6)
    canvas.within(canvas.transform.translated(-reach * 0.4, -reach * 0.4)) { canvas in
      func sector(_ radius: Float) -> Path {
        .contour(
          [Point(-2, -2)] + (0...12).map { Point.direction(Float($0) / 12 * .pi / 2) * radius })
      }
      canvas.fill(sector(reach + 2), dirt)
      canvas.fill(sector(reach), field)
      canvas.fill(sector(infield), dirt)
      let base = infield * 0.66
      let inset = base * 0.14
      canvas.fill(
        .polygon(inset, inset, base - inset * 0.5, inset, base, base, inset, base - inset * 0.5),
        field)
      canvas.fill(.circle(Point(base / 2, base / 2), 1.6, sides: 10), dirt)
      for corner in [Point(0, 0), Point(base, 0), Point(base, base), Point(0, base)] {
        canvas.fill(.circle(corner, 0.8, sides: 6), .grey(0.95))
      }
    }
  }

  static func paintHarbour(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    canvas.fill(.rectangle(-60, -60, 60, 60), land.water)
    let quay = random.float(-40...(-18))
    canvas.fill(.rectangle(-60, -60, 60, quay), Colour.grey(random.float(0.45...0.75)))
    for _ in 0..<4 {
      canvas.buildHouse(
        at: Point(random.float(-40...40), quay - random.float(5...12)), random.point(6...14, 5...8),
        angle: 0, random.variant(of: random.roofColour()), land)
    }
    let pier = Colour.grey(random.float(0.55...0.8)).mixed(land.soil, 0.3)
    let gap = random.float(15...22)
    let length = random.float(9...13) * gap / 18
    var x: Float = -54 + random.float(0...10)
    while x < 54 {
      canvas.fill(.rectangle(x - 0.8, quay - 1, x + 0.8, 60), pier)
      for side in [Float(-1), 1] {
        var y = quay + random.float(3...6)
        while y < 50 {
          let size = length * random.float(0.32...0.46)
          if random.chance(0.82) {
            let hull = random.chance(0.8) ? Colour.grey(random.float(0.8...1)) : random.carColour()
            moor(at: Point(x + side * (size + 1.4), y), side * size, hull, &canvas, land)
          }
          y += random.float(3.6...5.2)
        }
      }
      x += gap
    }
  }

  /// A boat whose bow points away from the pier.
  static func moor(
    at place: Point, _ length: Float, _ hull: Colour, _ canvas: inout Canvas, _ land: Landscape
  ) {
    let beam = abs(length) * 0.36
    canvas.within(canvas.transform.translated(place.x, place.y)) { canvas in
      let outline = Path.polygon(
        -length, -beam, length * 0.3, -beam, length, 0, length * 0.3, beam, -length, beam)
      canvas.fillShadow(outline, height: 0.6, land, 0.35)
      canvas.fill(outline, hull)
      canvas.fill(
        .rectangle(-length * 0.5, -beam * 0.5, length * 0.2, beam * 0.5), hull.lit(0.55))
    }
  }

  static func paintStadium(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    paintSurroundings(&canvas, land, houses: random.count(2...8), &random)
    let outer = Point(random.float(27...34), random.float(22...27))
    let ring = random.float(5.5...9)
    let stand = random.variant(of: random.chance(0.5) ? .grey(0.75) : random.roofColour(), 0.1)
    canvas.fillShadow(.ellipse(Point(0, 0), outer), height: 2.5, land)
    canvas.fill(.ellipse(Point(0, 0), outer), stand)
    // Stairs divide the stands.
    for stair in 0..<14 {
      let end = Point.direction(Float(stair) * 2 * .pi / 14) * outer
      canvas.fill(.line(Point(0, 0), end, width: 0.9), stand.lit(0.6))
    }
    let inner = outer - Point(repeating: ring)
    canvas.fill(.ellipse(Point(0, 0), inner + Point(repeating: 1)), stand.lit(0.5))
    let track =
      random.chance(0.6) ? Colour(0.62, 0.3, 0.22) : land.grass.mixed(land.asphalt, 0.5)
    canvas.fill(.ellipse(Point(0, 0), inner), random.variant(of: track))
    let pitch = inner * random.float(0.66...0.74)
    let turf = land.grass.lit(1.2)
    canvas.fill(.roundedRectangle(-pitch.x, -pitch.y, pitch.x, pitch.y, radius: 2.5), turf)
    var x = -pitch.x
    while x < pitch.x - 2 {
      canvas.fill(.rectangle(x, -pitch.y, x + 2.2, pitch.y), turf.lit(0.85))
      x += 4.4
    }
    canvas.fill(.rectangle(-0.4, -pitch.y, 0.4, pitch.y), .grey(0.95))
    canvas.fill(.ring(Point(0, 0), 3.4, 2.6), .grey(0.95))
  }

  static func paintTanks(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    let yard = land.soil.mixed(land.asphalt, random.float(0...1))
    canvas.fillParcels([yard, yard.lit(0.9), land.grass], size: 26...40, using: &random)
    canvas.fill(.rectangle(-60, 23, 60, 27), land.asphalt.lit(0.8))
    let pitch = random.float(17...26)
    let radius = pitch * random.float(0.33...0.44)
    let roof = random.chance(0.7) ? Colour.grey(random.float(0.75...0.98)) : random.roofColour()
    var y: Float = -44 + random.float(0...8)
    while y < 44 {
      var x: Float = -44 + random.float(0...4)
      while x < 44 {
        if random.chance(0.8) {
          let size = radius * random.float(0.75...1)
          let place = Point(x, y) + random.point(-1...1, -1...1)
          canvas.fillShadow(.circle(place, size), height: random.float(1.5...3.5), land, 0.5)
          canvas.fill(.circle(place, size), roof.lit(0.7))
          let light = Point(-land.shadow.x, -land.shadow.y) * 0.6
          let lid = random.variant(of: roof, 0.05)
          canvas.fill(
            .circle(place, size * 0.9), from: lid.lit(1.08), at: place + light * size,
            to: lid.lit(0.82), at: place - light * size)
          canvas.fill(.line(place, place + Point(size, 0), width: 0.7), lid.lit(0.6))
        }
        x += pitch
      }
      y += pitch
    }
  }

  static func paintTennis(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    paintSurroundings(&canvas, land, houses: random.count(2...8), &random)
    let size = random.point(8.5...11, 17...21)
    let count = random.count(1...3)
    let surface = random.pick([
      Colour(0.3, 0.5, 0.36), Colour(0.25, 0.4, 0.58), Colour(0.62, 0.34, 0.24), land.soil,
    ])
    let apron = random.chance(0.5) ? surface.lit(0.75) : land.asphalt
    let pitch = size.x * 2 * random.float(1.2...1.4)
    let line = Colour.grey(0.95)
    let first = -Float(count - 1) / 2 * pitch
    canvas.fill(
      .rectangle(
        first - pitch * 0.62, -size.y * 1.25, -first + pitch * 0.62, size.y * 1.25), apron)
    for court in 0..<count {
      let x = first + Float(court) * pitch
      canvas.within(canvas.transform.translated(x, 0)) { canvas in
        let (w, h) = (size.x, size.y)
        canvas.fill(.rectangle(-w, -h, w, h), random.variant(of: surface, 0.03))
        let bounds = Point.pairs([-w, -h, w, -h, w, h, -w, h])
        canvas.fill(.stroke(bounds, width: 0.9, closed: true), line)
        for edge in [-w * 0.72, w * 0.72] {
          canvas.fill(.rectangle(edge - 0.4, -h, edge + 0.4, h), line)
        }
        for service in [-h * 0.52, h * 0.52] {
          canvas.fill(.rectangle(-w * 0.72, service - 0.4, w * 0.72, service + 0.4), line)
        }
        canvas.fill(.rectangle(-0.4, -h * 0.52, 0.4, h * 0.52), line)
        canvas.fill(.rectangle(-w * 1.1, -0.5, w * 1.1, 0.5), Colour.grey(0.2))
      }
    }
  }
}
