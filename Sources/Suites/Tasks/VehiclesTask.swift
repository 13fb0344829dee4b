internal import Foundation
public import Imaging
public import TensorCore

/// Road vehicles from the side, by body style, in any colour and setting (after Stanford Cars).
public enum VehiclesTask: SuiteTask {
  public static let name = "vehicles"
  public static let classNames = VehicleBody.styles.map { $0.name }
  public static let isMirrorInvariant = true

  public static func render(classIndex: Int, random: inout KeyedRandom) -> PixelImage {
    let isNight = random.chance(0.12)
    let ground = random.float(45...54)
    var canvas = street(ground, &random)
    var body = VehicleBody(VehicleBody.styles[classIndex], using: &random)
    body.isLit = isNight || random.chance(0.15)
    let length = random.float(54...66) * body.length
    canvas.transform = Affine()
      .translated(32 + random.spread(2), ground + random.float(0...4))
      .rotated(random.spread(0.03))
      .sheared(random.spread(0.05))
      .scaled(random.sign() * length, length * random.float(1.1...1.35))
    body.draw(on: &canvas, &random)
    canvas.transform = Affine()
    if random.chance(0.25) { addForeground(&canvas, &random) }
    var camera = Camera.random(1, using: &random)
    if isNight { camera.exposure = random.float(0.45...0.65) }
    return camera.develop(canvas, using: &random)
  }

  /// A road below what stands behind it.
  private static func street(_ ground: Float, _ random: inout KeyedRandom) -> Canvas {
    let sky = Colour(
      hue: random.float(0.52...0.64), saturation: random.float(0...0.5),
      value: random.float(0.6...1))
    var canvas = Canvas(sky)
    canvas.fillSky(sky, random.variant(of: sky, 0.1).mixed(.grey(1), 0.3), to: ground)
    let curb = ground - random.float(2...10)
    switch random.count(0...3) {
    case 0:
      // Houses.
      var x: Float = -random.float(0...15)
      while x < 64 {
        let width = random.float(14...30)
        let top = random.float(-10...20)
        let wall = random.colour(saturation: 0.05...0.4, value: 0.3...0.9)
        canvas.fill(.rectangle(x, top, x + width, 64), wall)
        var row = top + 4
        while row < curb - 6 {
          var column = x + 2.5
          while column < x + width - 4 {
            canvas.fill(.rectangle(column, row, column + 3, row + 4.5), wall.lit(0.45))
            column += 6.5
          }
          row += 9
        }
        x += width
      }
    case 1:
      // A wood.
      let leaf = Colour(
        hue: random.float(0.16...0.4), saturation: 0.5, value: random.float(0.2...0.5))
      for _ in 0..<16 {
        canvas.fill(
          .circle(random.point(-4...68, curb - 28...curb), random.float(5...11), sides: 12),
          random.variant(of: leaf, 0.15))
      }
    case 2:
      // Open country.
      canvas.fill(
        .rectangle(0, curb - random.float(2...14), 64, 64),
        Colour(hue: random.float(0.08...0.32), saturation: 0.4, value: random.float(0.3...0.7)))
    default:
      // A wall or the inside of a hall.
      canvas.fill(
        .rectangle(0, 0, 64, 64), random.colour(saturation: 0...0.5, value: 0.3...0.95))
    }
    canvas.modulate(.noise(random.float(5...12), octaves: 3, using: &random), 0.25)
    canvas.blur(random.float(0.3...1.2))
    let road = random.variant(of: .grey(random.float(0.25...0.65)), 0.06)
    canvas.fill(.rectangle(0, curb, 64, 64), road)
    canvas.fill(.rectangle(0, curb - 1, 64, curb + 0.5), road.lit(1.3))
    if random.chance(0.4) {
      canvas.fill(.rectangle(0, 60, 64, 61.5), Colour(0.9, 0.9, 0.85, 0.7))
    }
    return canvas
  }

  /// A post, a trunk or a passer-by in front.
  private static func addForeground(_ canvas: inout Canvas, _ random: inout KeyedRandom) {
    let x = random.chance(0.5) ? random.float(0...18) : random.float(46...64)
    let width = random.float(1...2.5)
    canvas.fill(
      .rectangle(x - width, -1, x + width, 64), random.colour(saturation: 0...0.5, value: 0.1...0.7)
    )
  }
}
