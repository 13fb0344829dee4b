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
  static func paintSurroundings(
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

  static func paintBridge(
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

  static func paintIntersection(
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

  static func paintParking(
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

  static func paintRoundabout(
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

  static func paintRunway(
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
}
