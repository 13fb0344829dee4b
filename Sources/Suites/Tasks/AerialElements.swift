internal import Foundation
internal import TensorCore

/// What land looks like from above in one place on one day.
struct Landscape {
  let grass: Colour
  let wood: Colour
  let soil: Colour
  let water: Colour
  let asphalt: Colour
  /// Where shadows fall, per unit of height.
  let shadow: Point

  init(using random: inout KeyedRandom) {
    let dryness = random.float(0...1)
    grass = Colour(
      hue: 0.3 - 0.14 * dryness + random.spread(0.02), saturation: random.float(0.2...0.5),
      value: random.float(0.3...0.6))
    wood = Colour(
      hue: random.float(0.24...0.42), saturation: random.float(0.2...0.5),
      value: random.float(0.15...0.33))
    soil = Colour(
      hue: random.float(0.05...0.13), saturation: random.float(0.15...0.45),
      value: random.float(0.4...0.75))
    water = Colour(
      hue: random.float(0.3...0.62), saturation: random.float(0.2...0.7),
      value: random.float(0.15...0.5))
    asphalt = .grey(random.float(0.3...0.6))
    shadow = Point.direction(random.float(0...6.28)) * random.float(0.8...1.6)
  }
}

extension Canvas {
  /// A frame that is turned at random about the middle of the canvas; the canvas lies within 46
  /// units of it.
  static func aerialFrame(
    _ scale: ClosedRange<Float>, shift: Float, using random: inout KeyedRandom
  ) -> Affine {
    Affine()
      .translated(32 + random.spread(shift / 2), 32 + random.spread(shift / 2))
      .rotated(random.float(0...6.28))
      .scaled(random.float(scale) * random.float(0.92...1.08), random.float(scale))
      .scaled(random.sign(), 1)
  }

  /// Land parcels of a few kinds of cover, in rows of uneven width.
  mutating func fillParcels(
    _ colours: [Colour], size: ClosedRange<Float>, variation: Float = 0.06,
    using random: inout KeyedRandom
  ) {
    var y: Float = -50
    while y < 50 {
      let height = random.float(size)
      let lean = random.spread(2)
      var x: Float = -50 - random.float(0...20)
      while x < 50 {
        let width = random.float(size) * random.float(0.7...1.6)
        fill(
          .polygon(x, y, x + width, y, x + width + lean, y + height, x + lean, y + height),
          random.variant(of: random.pick(colours), variation))
        x += width
      }
      y += height
    }
  }

  /// Round crowns with their shadows.
  mutating func plantTrees(
    _ places: [Point], radius: ClosedRange<Float>, _ land: Landscape,
    using random: inout KeyedRandom
  ) {
    for place in places {
      let size = random.float(radius)
      fillShadow(.circle(place, size, sides: 10), height: size * 0.5, land, 0.35)
      let crown = random.variant(of: land.wood, 0.12)
      fill(.circle(place, size, sides: 10), crown)
    }
  }

  mutating func scatterTrees(
    _ count: Int, radius: ClosedRange<Float>, _ land: Landscape, using random: inout KeyedRandom
  ) {
    var places: [Point] = []
    for _ in 0..<count { places.append(random.point(-45...45, -45...45)) }
    plantTrees(places, radius: radius, land, using: &random)
  }

  /// The shadow on the ground of something `height` high, offset in canvas directions.
  mutating func fillShadow(
    _ path: Path, height: Float, _ land: Landscape, _ darkness: Float = 0.45
  ) {
    var frame = transform
    frame.origin += land.shadow * height
    within(frame) { $0.fill(path, Colour(0, 0, 0, darkness)) }
  }

  /// A house with a gabled roof: its two halves in different light.
  mutating func buildHouse(
    at place: Point, _ size: Point, angle: Float, _ roof: Colour, _ land: Landscape
  ) {
    within(transform.translated(place.x, place.y).rotated(angle)) { canvas in
      let (x, y) = (size.x / 2, size.y / 2)
      canvas.fillShadow(.rectangle(-x, -y, x, y), height: 1.1, land)
      canvas.fill(.rectangle(-x, -y, x, 0), roof)
      canvas.fill(.rectangle(-x, 0, x, y), roof.lit(0.75))
    }
  }

  /// A road along `line` with verges and, if wanted, a broken centre line.
  mutating func buildRoad(
    _ line: [Point], width: Float, _ colour: Colour, edge: Colour? = nil, marking: Colour? = nil
  ) {
    if let edge { fill(.stroke(line, width: width * 1.3), edge) }
    fill(.stroke(line, width: width), colour)
    guard let marking else { return }
    var dashes = Path()
    for index in line.indices.dropLast() {
      let step = line[index + 1] - line[index]
      let count = max(1, Int((step.length / 5).rounded()))
      for dash in 0..<count {
        let start = line[index] + step * ((Float(dash) + 0.2) / Float(count))
        dashes.append(
          .line(start, start + step * (0.5 / Float(count)), width: max(0.6, width * 0.08)))
      }
    }
    fill(dashes, marking)
  }

  /// A car seen from above.
  mutating func parkCar(
    at place: Point, angle: Float, length: Float, _ colour: Colour, _ land: Landscape
  ) {
    within(transform.translated(place.x, place.y).rotated(angle).scaled(length)) { canvas in
      canvas.fillShadow(.rectangle(-0.5, -0.22, 0.5, 0.22), height: 0.7, land, 0.35)
      canvas.fill(.rectangle(-0.5, -0.22, 0.5, 0.22), colour)
      canvas.fill(.rectangle(0.08, -0.18, 0.24, 0.18), Colour(0.08, 0.1, 0.13))
      canvas.fill(.rectangle(-0.36, -0.18, -0.24, 0.18), Colour(0.08, 0.1, 0.13))
    }
  }

  /// A bending line from one border of the aerial frame to the other.
  static func meander(
    bend: Float, offset: ClosedRange<Float> = -8...8, using random: inout KeyedRandom
  ) -> [Point] {
    let start = random.float(offset)
    var points: [Point] = []
    for step in 0...5 {
      points.append(
        Point(-56 + Float(step) * 22.4, start + random.spread(bend)))
    }
    return Point.spline(points, steps: 4)
  }
}

extension KeyedRandom {
  /// The colour of a car, most often white, grey or black.
  mutating func carColour() -> Colour {
    chance(0.6)
      ? .grey(pick([0.95, 0.85, 0.6, 0.4, 0.15]))
      : Colour(
        hue: pick([0, 0.02, 0.6, 0.62, 0.35, 0.12]), saturation: 0.7, value: float(0.3...0.8))
  }

  mutating func roofColour() -> Colour {
    pick([
      Colour(0.55, 0.3, 0.22), Colour(0.45, 0.38, 0.35), Colour(0.62, 0.6, 0.58),
      Colour(0.35, 0.33, 0.35), Colour(0.66, 0.48, 0.36),
    ])
  }
}
