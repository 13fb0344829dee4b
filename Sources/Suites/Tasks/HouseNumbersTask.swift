internal import Foundation
public import Imaging
public import TensorCore

/// House numbers photographed in the street: a digit in any colour on any wall, its neighbours
/// intruding from the sides (after SVHN).
public enum HouseNumbersTask: SuiteTask {
  public static let name = "house-numbers"
  public static let classNames = (0...9).map(String.init)
  public static let isMirrorInvariant = false

  public static func render(classIndex: Int, random: inout KeyedRandom) -> PixelImage {
    let wall = random.colour(saturation: 0...0.6, value: 0.15...0.95)
    var canvas = Canvas(wall)
    addWall(wall, &canvas, &random)
    let height = random.float(34...50)
    canvas.transform = Affine()
      .translated(32 + random.spread(2), 32 + random.spread(2))
      .rotated(random.spread(0.07))
      .sheared(random.spread(0.08))
    let style = Style(height: height, wall: wall, using: &random)
    if random.chance(0.3) {
      // A plate behind the number.
      let plate = random.variant(of: style.plate)
      let reach = random.float(20...60)
      let rim = height * random.float(0.58...0.75)
      canvas.fill(.roundedRectangle(-reach, -rim, reach, rim, radius: 4), plate)
    }
    if random.chance(0.75) { style.draw(random.count(0...9), at: -1, &canvas, &random) }
    if random.chance(0.75) { style.draw(random.count(0...9), at: 1, &canvas, &random) }
    style.draw(classIndex, at: 0, &canvas, &random)
    if random.chance(0.2) { addOcclusion(&canvas, &random) }
    var camera = Camera.random(1, using: &random)
    camera.blur = Point(random.float(0.4...1.5), random.float(0.4...1.3))
    camera.contrast = random.float(0.6...1.1)
    return camera.develop(canvas, using: &random)
  }

  /// How the digits of one house look.
  private struct Style {
    let height: Float
    let aspect: Float
    let weight: Float
    let squareness: Float
    let spacing: Float
    let colour: Colour
    let plate: Colour
    let hasShadow: Bool

    init(height: Float, wall: Colour, using random: inout KeyedRandom) {
      self.height = height
      aspect = random.float(0.75...1.15)
      weight = random.float(0.1...0.22)
      squareness = random.float(0.65...1.1)
      spacing = height * aspect * random.float(0.78...1)
      // A number is made to be read: well apart from its wall in lightness.
      let isDark = wall.luminance > 0.5
      colour = random.colour(
        saturation: 0...0.7, value: isDark ? 0.02...wall.luminance * 0.5 : 0.75...1)
      plate = isDark ? wall.mixed(.grey(1), 0.4) : wall.lit(0.6)
      hasShadow = random.chance(0.4)
    }

    func draw(
      _ digit: Int, at position: Float, _ canvas: inout Canvas, _ random: inout KeyedRandom
    ) {
      let forms = DigitStrokes.forms(digit)
      // Of the written forms only those of 1 and 4 are also printed.
      let form = (digit == 1 || digit == 4) && random.chance(0.3) ? forms[1] : forms[0]
      var path = Path()
      for stroke in form {
        let line = stroke.flattened.map { point in
          Point(
            copysign(pow(abs(point.x) * 2, squareness) / 2, point.x),
            copysign(pow(abs(point.y) * 2, squareness) / 2, point.y))
        }
        path.append(.stroke(line, width: weight))
      }
      let frame = canvas.transform
        .translated(position * spacing, random.spread(0.8))
        .scaled(height * aspect, height)
      canvas.within(frame) { canvas in
        if hasShadow {
          canvas.shade(path, offset: Point(1.5, 1.8), softness: 1, Colour(0, 0, 0, 0.5))
        }
        canvas.fill(path, colour)
      }
    }
  }

  private static func addWall(
    _ wall: Colour, _ canvas: inout Canvas, _ random: inout KeyedRandom
  ) {
    switch random.count(0...3) {
    case 0:
      // Bricks or boards.
      let course = random.float(6...16)
      let joint = wall.lit(random.float(0.6...1.3))
      var y = random.float(-8...8)
      while y < 64 {
        canvas.fill(.rectangle(0, y, 64, y + 1), joint)
        y += course
      }
    case 1:
      // A door post or a second surface.
      let edge = random.float(0...64)
      let other = random.variant(of: wall, 0.2)
      canvas.fill(.polygon(edge, 0, 64, 0, 64, 64, edge + random.spread(4), 64), other)
    default: break
    }
    let cell = random.float(6...30)
    let roughness = random.float(0.05...0.3)
    canvas.modulate(.noise(cell, octaves: 3, using: &random), roughness)
  }

  /// A twig or a cable across the picture.
  private static func addOcclusion(_ canvas: inout Canvas, _ random: inout KeyedRandom) {
    let line = Point.spline([
      random.point(-40...(-20), -32...32), random.point(-10...10, -32...32),
      random.point(20...40, -32...32),
    ])
    canvas.fill(
      .stroke(line, width: random.float(1...3)), random.colour(value: 0.1...0.6))
  }
}
