internal import Foundation
public import Imaging
public import TensorCore

/// Man-made places in aerial photographs at about a metre a pixel (after RESISC45).
public enum AerialScenesTask: SuiteTask {
  public static let name = "aerial-scenes"
  public static let classNames = [
    "baseball-diamond", "bridge", "harbour", "intersection", "parking-lot", "roundabout", "runway",
    "stadium", "storage-tanks", "tennis-courts",
  ]
  public static let isMirrorInvariant = true

  public static func render(classIndex: Int, random: inout KeyedRandom) -> PixelImage {
    let land = Landscape(using: &random)
    var canvas = Canvas(land.grass)
    canvas.transform = Canvas.aerialFrame(0.8...1.15, shift: 7, using: &random)
    switch classNames[classIndex] {
    case "baseball-diamond": paintBaseball(&canvas, land, &random)
    case "bridge": paintBridge(&canvas, land, &random)
    case "harbour": paintHarbour(&canvas, land, &random)
    case "intersection": paintIntersection(&canvas, land, &random)
    case "parking-lot": paintParking(&canvas, land, &random)
    case "roundabout": paintRoundabout(&canvas, land, &random)
    case "runway": paintRunway(&canvas, land, &random)
    case "stadium": paintStadium(&canvas, land, &random)
    case "storage-tanks": paintTanks(&canvas, land, &random)
    default: paintTennis(&canvas, land, &random)
    }
    canvas.modulate(.noise(random.float(3...6), octaves: 2, gain: 0.8, using: &random), 0.1)
    canvas.modulate(.noise(30, octaves: 2, using: &random), 0.15)
    if random.chance(0.15) {
      // A wisp of cloud.
      canvas.blend(
        Colour(0.95, 0.95, 0.95, 0.6), where: .noise(24, octaves: 4, using: &random), above: 0.15,
        softness: 0.5)
    }
    return Camera.random(1, using: &random).develop(canvas, using: &random)
  }

  /// Suburb or green around the thing that the picture is of.
  private static func paintSurroundings(
    _ canvas: inout Canvas, _ land: Landscape, houses: Int, _ random: inout KeyedRandom
  ) {
    let ground = land.grass.mixed(land.soil, random.float(0...0.7))
    canvas.fill(.rectangle(-60, -60, 60, 60), ground)
    canvas.blend(
      land.grass.lit(0.8).opacity(0.6), where: .noise(20, octaves: 3, using: &random), above: 0,
      softness: 0.3)
    if random.chance(0.4) {
      canvas.buildRoad(
        Canvas.meander(bend: 3, offset: -40...40, using: &random), width: random.float(3...5),
        land.asphalt)
    }
    let angle = random.float(0...1.57)
    for _ in 0..<houses {
      canvas.buildHouse(
        at: random.point(-44...44, -44...44), random.point(5...10, 4...8), angle: angle,
        random.variant(of: random.roofColour()), land)
    }
    canvas.scatterTrees(random.count(6...26), radius: 1.5...3.6, land, using: &random)
  }

  private static func paintBaseball(
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

  private static func paintBridge(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    paintSurroundings(&canvas, land, houses: random.count(2...8), &random)
    let river = Canvas.meander(bend: 3, using: &random)
    let width = random.float(22...44)
    canvas.fill(.stroke(river, width: width + 3), land.soil.lit(0.9))
    canvas.fill(.stroke(river, width: width), land.water)
    let deck = random.float(4...8)
    let lean = random.spread(6)
    let line = [Point(-lean, -60), Point(lean, 60)]
    canvas.fillShadow(.stroke(line, width: deck), height: random.float(1.5...3.5), land, 0.5)
    let concrete = Colour.grey(random.float(0.5...0.85))
    canvas.fill(.stroke(line, width: deck), concrete)
    canvas.buildRoad(line, width: deck * 0.7, land.asphalt, marking: .grey(0.9))
    for _ in 0..<random.count(0...4) {
      let along = random.float(-30...30)
      canvas.parkCar(
        at: Point(along / 60 * lean + random.sign() * deck * 0.18, along), angle: 1.57, length: 4,
        random.carColour(), land)
    }
  }

  private static func paintHarbour(
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
  private static func moor(
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

  private static func paintIntersection(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    paintSurroundings(&canvas, land, houses: random.count(6...12), &random)
    let turn = random.float(1.2...1.9)
    let width = random.float(9...14)
    let pavement = land.asphalt.mixed(.grey(0.8), 0.5)
    let frames = [canvas.transform, canvas.transform.rotated(turn)]
    for frame in frames {
      canvas.within(frame) { $0.fill(.rectangle(-60, -width * 0.68, 60, width * 0.68), pavement) }
    }
    for frame in frames {
      canvas.within(frame) { $0.fill(.rectangle(-60, -width / 2, 60, width / 2), land.asphalt) }
    }
    for frame in frames {
      canvas.within(frame) { canvas in
        for side in [Float(-1), 1] {
          let start = side * width * 0.95
          canvas.buildRoad(
            [Point(start, 0), Point(side * 56, 0)], width: width, Colour(0, 0, 0, 0),
            marking: .grey(0.92))
          // A zebra crossing.
          for stripe in 0..<5 {
            let y = (Float(stripe) - 2) * width * 0.19
            canvas.fill(
              .rectangle(min(start, start * 0.78), y - 0.5, max(start, start * 0.78), y + 0.6),
              .grey(0.9))
          }
          for _ in 0..<random.count(0...3) {
            canvas.parkCar(
              at: Point(side * random.float(14...44), random.sign() * width * 0.25), angle: 0,
              length: 5, random.carColour(), land)
          }
        }
      }
    }
  }

  private static func paintParking(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    canvas.fill(.rectangle(-60, -60, 60, 60), land.asphalt)
    if random.chance(0.5) {
      let edge = random.float(22...38)
      canvas.fill(.rectangle(-60, edge, 60, 60), land.grass)
    }
    let length = random.float(6.5...9)
    let slot = length * random.float(0.5...0.6)
    let occupancy = random.float(0.55...0.95)
    let angle: Float = 1.57 + random.spread(0.12)
    var y: Float = -46 + random.float(0...6)
    while y < 46 {
      // Two rows back to back, then a lane.
      for row in [y, y + length * 1.15] {
        var x: Float = -48
        while x < 48 {
          canvas.fill(
            .rectangle(
              x - slot / 2 - 0.3, row - length * 0.5, x - slot / 2 + 0.3, row + length / 2),
            Colour(0.9, 0.9, 0.88, 0.8))
          if random.chance(occupancy) {
            canvas.parkCar(
              at: Point(x, row + random.spread(0.3)), angle: angle, length: length * 0.85,
              random.carColour(), land)
          }
          x += slot
        }
      }
      y += length * 3.1
    }
  }

  private static func paintRoundabout(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    paintSurroundings(&canvas, land, houses: random.count(3...10), &random)
    let radius = random.float(11...19)
    let width = random.float(5...8)
    let arms = random.count(3...4)
    let kerb = land.asphalt.mixed(.grey(0.85), 0.5)
    for arm in 0..<arms {
      let angle = Float(arm) * 2 * .pi / Float(arms) + random.spread(0.12)
      canvas.within(canvas.transform.rotated(angle)) {
        $0.buildRoad(
          [Point(radius, 0), Point(60, random.spread(3))], width: width, land.asphalt, edge: kerb,
          marking: .grey(0.85))
      }
    }
    canvas.fill(.circle(Point(0, 0), radius + width * 0.65), kerb)
    canvas.fill(.circle(Point(0, 0), radius + width * 0.5), land.asphalt)
    canvas.fill(.circle(Point(0, 0), radius - width * 0.4), kerb)
    canvas.fill(
      .circle(Point(0, 0), radius - width * 0.5),
      random.chance(0.75) ? land.grass.lit(1.1) : land.soil)
    canvas.plantTrees(
      (0..<random.count(0...4)).map { _ in random.point(-4...4, -4...4) }, radius: 1.5...3, land,
      using: &random)
    for _ in 0..<random.count(1...4) {
      let angle = random.float(0...6.28)
      canvas.parkCar(
        at: .direction(angle) * radius, angle: angle + .pi / 2, length: 4.5, random.carColour(),
        land)
    }
  }

  private static func paintRunway(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    canvas.fill(.rectangle(-60, -60, 60, 60), land.grass.mixed(land.soil, random.float(0...0.8)))
    canvas.blend(
      land.grass.lit(0.8).opacity(0.5), where: .noise(24, octaves: 3, using: &random), above: 0,
      softness: 0.3)
    let width = random.float(13...20)
    let paint = Colour.grey(random.float(0.8...1))
    let taxiway = random.sign() * random.float(22...32)
    canvas.fill(.rectangle(-60, taxiway - 3, 60, taxiway + 3), land.asphalt.lit(1.15))
    if random.chance(0.6) {
      canvas.fill(
        .stroke(
          [Point(random.float(-20...20), 0), Point(random.float(-20...20), taxiway)], width: 5),
        land.asphalt.lit(1.15))
    }
    let start = random.chance(0.6) ? random.float(-30...(-12)) : -60
    canvas.fill(.rectangle(start, -width / 2, 60, width / 2), land.asphalt)
    var dash = start + 22
    while dash < 60 {
      canvas.fill(.rectangle(dash, -0.6, dash + 6, 0.6), paint)
      dash += 10
    }
    for side in [Float(-1), 1] {
      canvas.fill(
        .rectangle(start, side * width * 0.46 - 0.4, 60, side * width * 0.46 + 0.4), paint)
      // The threshold.
      for key in 0..<4 {
        let y = side * (Float(key) * width * 0.1 + width * 0.08)
        canvas.fill(.rectangle(start + 3, y - 0.45, start + 12, y + 0.45), paint)
      }
    }
    if random.chance(0.5) {
      let plane = Point(random.float(-5...30), random.spread(0.6))
      canvas.within(canvas.transform.translated(plane.x, plane.y).scaled(random.float(5...8))) {
        canvas in
        let outline = Path.polygon(
          1, 0, 0.8, 0.11, 0.25, 0.12, -0.2, 0.85, -0.4, 0.85, -0.15, 0.12, -0.75, 0.1, -0.95, 0.35,
          -1.05, 0.35, -0.95, 0, -1.05, -0.35, -0.95, -0.35, -0.75, -0.1, -0.15, -0.12, -0.4, -0.85,
          -0.2, -0.85, 0.25, -0.12, 0.8, -0.11)
        canvas.fillShadow(outline, height: 1.5, land)
        canvas.fill(outline, .grey(0.97))
      }
    }
  }

  private static func paintStadium(
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

  private static func paintTanks(
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

  private static func paintTennis(
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
