internal import Foundation
public import Imaging
public import TensorCore

/// Land cover in satellite images at about ten metres a pixel (after EuroSAT).
public enum LandCoverTask: SuiteTask {
  public static let name = "land-cover"
  public static let classNames = [
    "annual-crop", "forest", "herbaceous-vegetation", "highway", "industrial", "pasture",
    "permanent-crop", "residential", "river", "sea-lake",
  ]
  public static let isMirrorInvariant = true

  public static func render(classIndex: Int, random: inout KeyedRandom) -> PixelImage {
    let land = Landscape(using: &random)
    var canvas = Canvas(land.grass)
    canvas.transform = Canvas.aerialFrame(0.85...1.2, shift: 6, using: &random)
    let kind = classNames[classIndex]
    switch kind {
    case "annual-crop": paintFields(&canvas, land, size: 10...26, &random)
    case "forest": paintForest(&canvas, land, &random)
    case "herbaceous-vegetation": paintShrubs(&canvas, land, &random)
    case "highway": paintHighway(&canvas, land, &random)
    case "industrial": paintIndustry(&canvas, land, &random)
    case "pasture": paintPasture(&canvas, land, &random)
    case "permanent-crop": paintOrchards(&canvas, land, &random)
    case "residential": paintHousing(&canvas, land, &random)
    case "river": paintRiver(&canvas, land, &random)
    default: paintSea(&canvas, land, &random)
    }
    // Water is smooth, everything else is mottled by the sensor's mixed pixels.
    let roughness: Float = kind == "sea-lake" ? 0.06 : 0.16
    canvas.modulate(.noise(random.float(4...8), octaves: 2, gain: 0.8, using: &random), roughness)
    canvas.modulate(.noise(40, octaves: 2, using: &random), 0.15)
    let haze = Colour(0.5, 0.56, 0.64, random.float(0...0.2))
    canvas.transform = Affine()
    canvas.fill(.rectangle(0, 0, 64, 64), haze)
    var camera = Camera.random(0.6, using: &random)
    camera.blur = Point(repeating: random.float(0.4...0.9))
    return camera.develop(canvas, using: &random)
  }

  private static func paintFields(
    _ canvas: inout Canvas, _ land: Landscape, size: ClosedRange<Float>,
    _ random: inout KeyedRandom
  ) {
    let covers = [
      land.soil, land.soil.lit(0.75), land.grass, land.grass.mixed(land.soil, 0.5),
      land.grass.lit(0.7),
    ]
    canvas.fillParcels(covers, size: size, variation: 0.1, using: &random)
    // Tramlines of the tractors.
    let rows = random.float(2.5...5)
    var y: Float = -48
    var lines = Path()
    while y < 48 {
      lines.append(.rectangle(-48, y, 48, y + rows * 0.4))
      y += rows
    }
    canvas.fill(lines, land.soil.lit(0.6).opacity(random.float(0.05...0.25)))
  }

  private static func paintForest(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    canvas.fill(.rectangle(-60, -60, 60, 60), land.wood)
    let crowns = Field.noise(random.float(3...5), octaves: 2, gain: 0.7, using: &random)
    canvas.modulate(crowns, random.float(0.3...0.6))
    canvas.blend(
      land.wood.lit(random.float(0.5...1.5)).opacity(0.6),
      where: .noise(26, octaves: 3, using: &random), above: 0.15, softness: 0.2)
    if random.chance(0.35) {
      // A clearing or the border of the forest.
      let edge = random.float(22...36)
      canvas.fill(.rectangle(edge, -60, 80, 60), random.variant(of: land.grass, 0.1))
    }
  }

  private static func paintShrubs(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    let ground = land.grass.mixed(land.soil, random.float(0.1...0.6))
    canvas.fill(.rectangle(-60, -60, 60, 60), ground)
    let patches = Field.noise(random.float(12...24), octaves: 4, gain: 0.7, using: &random)
    canvas.blend(land.wood.opacity(0.75), where: patches, above: 0.12, softness: 0.25)
    let bare = Field.noise(random.float(10...20), octaves: 4, gain: 0.75, using: &random)
    canvas.blend(land.soil.opacity(0.6), where: bare, above: 0.2, softness: 0.2)
    if random.chance(0.5) {
      canvas.fill(
        .stroke(Canvas.meander(bend: 5, offset: -25...25, using: &random), width: 1),
        land.soil.lit(1.15).opacity(0.7))
    }
  }

  private static func paintGround(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    switch random.count(0...3) {
    case 0: paintForest(&canvas, land, &random)
    case 1: paintShrubs(&canvas, land, &random)
    default: paintFields(&canvas, land, size: 12...30, &random)
    }
  }

  private static func paintHighway(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    paintGround(&canvas, land, &random)
    if random.chance(0.4) { canvas.scatterTrees(14, radius: 1.5...3, land, using: &random) }
    let line = Canvas.meander(bend: 1.6, using: &random)
    let width = random.float(5...8)
    let surface = land.asphalt.lit(random.float(1...1.5))
    canvas.buildRoad(
      line, width: width, surface, edge: land.grass.mixed(land.soil, random.float(0...1)))
    // The central reservation.
    canvas.fill(.stroke(line, width: width * 0.22), land.grass.lit(0.7))
    if random.chance(0.5) {
      // A slip road or a crossing one.
      let turn = random.float(0.5...1.6)
      canvas.within(canvas.transform.rotated(turn)) {
        $0.fill(.stroke(Canvas.meander(bend: 4, using: &random), width: 2), surface)
      }
    }
  }

  private static func paintIndustry(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    let yard = land.asphalt.mixed(land.soil, random.float(0...0.6))
    canvas.fill(.rectangle(-60, -60, 60, 60), yard)
    canvas.fillParcels([yard, yard.lit(0.8), land.grass], size: 22...34, using: &random)
    var y: Float = -44
    while y < 44 {
      let row = random.float(12...20)
      var x = -44 - random.float(0...12)
      while x < 44 {
        let width = random.float(8...26)
        if random.chance(0.8) {
          let roof = random.pick([
            Colour.grey(0.9), .grey(0.7), .grey(0.5), Colour(0.55, 0.62, 0.72),
            Colour(0.6, 0.4, 0.34),
          ])
          let hall = Path.rectangle(x, y, x + width, y + row - random.float(3...6))
          canvas.fillShadow(hall, height: 1.3, land, 0.5)
          canvas.fill(hall, random.variant(of: roof))
        }
        x += width + random.float(2...5)
      }
      y += row
    }
    canvas.fill(.rectangle(-60, -1.5, 60, 1), land.asphalt.lit(0.8))
  }

  private static func paintPasture(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    let meadow = random.variant(of: land.grass, 0.04)
    canvas.fillParcels([meadow], size: 24...44, variation: 0.03, using: &random)
    // Hedges, with a tree here and there.
    let hedges = random.count(1...3)
    for _ in 0..<hedges {
      let turn: Float = random.chance(0.5) ? 0 : 1.57
      canvas.within(canvas.transform.rotated(turn + random.spread(0.1))) { canvas in
        let y = random.float(-28...28)
        canvas.fill(.rectangle(-60, y, 60, y + random.float(1...2)), land.wood.opacity(0.85))
        for _ in 0..<random.count(1...4) {
          canvas.plantTrees(
            [Point(random.float(-30...30), y)], radius: 1.5...2.8, land, using: &random)
        }
      }
    }
    canvas.scatterTrees(random.count(0...5), radius: 1.2...2.5, land, using: &random)
  }

  private static func paintOrchards(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    paintFields(&canvas, land, size: 20...40, &random)
    let spacing = random.float(3.4...5)
    let ground = land.soil.mixed(land.grass, random.float(0...0.6))
    for _ in 0..<random.count(2...3) {
      let center = random.point(-18...18, -18...18)
      let reach = random.point(14...30, 14...30)
      let frame = canvas.transform.translated(center.x, center.y)
        .rotated(random.pick([0, 0, 0.5, 1.0]))
      canvas.within(frame) { canvas in
        canvas.fill(
          .rectangle(-reach.x, -reach.y, reach.x, reach.y), random.variant(of: ground, 0.05))
        // Trees stand in rows; vines make whole rows.
        let step = random.chance(0.6) ? spacing : spacing * 0.4
        var trees = Path()
        var y = -reach.y + 2
        while y < reach.y - 1 {
          var x = -reach.x + 2
          while x < reach.x - 1 {
            trees.append(.circle(Point(x, y), spacing * 0.33, sides: 7))
            x += step
          }
          y += spacing
        }
        canvas.fill(trees, random.variant(of: land.wood, 0.08))
      }
    }
  }

  private static func paintHousing(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    canvas.fill(.rectangle(-60, -60, 60, 60), land.grass.mixed(land.soil, random.float(0...0.5)))
    let block = random.float(13...18)
    let roof = random.roofColour()
    var y: Float = -46
    while y < 46 {
      canvas.fill(.rectangle(-60, y - 1, 60, y + 0.8), land.asphalt)
      for side in [block * 0.3, block * 0.72] {
        var x: Float = -46 + random.float(0...4)
        while x < 46 {
          if random.chance(0.85) {
            canvas.buildHouse(
              at: Point(x, y + side), random.point(3...4.6, 2.6...3.8),
              angle: random.chance(0.7) ? 0 : 1.57, random.variant(of: roof, 0.12), land)
          }
          x += random.float(4.6...6.5)
        }
      }
      y += block
    }
    let street = random.float(-20...20)
    canvas.fill(.rectangle(street, -60, street + 1.8, 60), land.asphalt)
    canvas.scatterTrees(random.count(4...14), radius: 0.8...1.8, land, using: &random)
  }

  private static func paintRiver(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    paintGround(&canvas, land, &random)
    let line = Canvas.meander(bend: 7, using: &random)
    let width = random.float(10...19)
    canvas.fill(
      .stroke(line, width: width + random.float(1.5...5)),
      random.chance(0.5) ? land.wood : land.soil)
    canvas.fill(.stroke(line, width: width), land.water)
  }

  private static func paintSea(
    _ canvas: inout Canvas, _ land: Landscape, _ random: inout KeyedRandom
  ) {
    let coast = random.chance(0.6) ? random.float(6...34) : 60
    if coast < 60 { paintGround(&canvas, land, &random) }
    var shore: [Point] = Canvas.meander(bend: 5, using: &random).map {
      Point($0.x, $0.y * 0.6 + coast)
    }
    shore += Point.pairs([60, -70, -60, -70])
    canvas.shade(.contour(shore), softness: 1.5, land.soil.lit(1.1))
    let shallow = land.water.lit(random.float(1...1.5))
    canvas.fill(
      .contour(shore), from: land.water, at: Point(0, -30), to: shallow, at: Point(0, coast))
  }
}
