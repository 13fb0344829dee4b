internal import Foundation
internal import TensorCore

/// The sky and the light of one hour.
struct Daylight {
  let skyTop: Colour
  let skyBottom: Colour
  /// A veil of light over the scene; its opacity is its strength.
  let light: Colour
  let cloudiness: Float

  init(using random: inout KeyedRandom) {
    switch random.count(0...4) {
    case 0:
      // Overcast.
      let grey = random.float(0.55...0.9)
      skyTop = Colour(grey * 0.95, grey * 0.98, grey)
      skyBottom = .grey(min(grey * 1.1, 1))
      light = Colour.grey(0.5).opacity(random.float(0...0.25))
      cloudiness = random.float(0...0.5)
    case 1:
      // Sunrise or sunset.
      skyTop = Colour(
        hue: random.float(0.55...0.75), saturation: 0.4, value: random.float(0.3...0.7))
      skyBottom = Colour(hue: random.float(0...0.12), saturation: 0.5, value: random.float(0.7...1))
      light = Colour(0.8, 0.4, 0.15, random.float(0.1...0.3))
      cloudiness = random.float(0...1)
    case 2:
      // Dusk.
      skyTop = Colour(
        hue: random.float(0.58...0.72), saturation: 0.5, value: random.float(0.25...0.5))
      skyBottom = skyTop.mixed(.grey(0.9), random.float(0.1...0.5))
      light = Colour(0.08, 0.1, 0.25, random.float(0.2...0.45))
      cloudiness = random.float(0...1)
    default:
      skyTop = Colour(
        hue: random.float(0.53...0.64), saturation: random.float(0.3...0.75),
        value: random.float(0.55...0.95))
      skyBottom = skyTop.mixed(.grey(1), random.float(0.3...0.7))
      light = Colour(1, 0.95, 0.8, random.float(0...0.12))
      cloudiness = random.float(0...1)
    }
  }

  func paintSky(_ canvas: inout Canvas, to horizon: Float, using random: inout KeyedRandom) {
    canvas.fillSky(skyTop, skyBottom, to: horizon)
    guard cloudiness > 0.25 else { return }
    let clouds = Field.noise(
      cell: Point(random.float(14...30), random.float(6...12)), octaves: 4, using: &random)
    canvas.blend(
      skyBottom.mixed(.grey(1), 0.6).opacity(0.85), where: clouds, above: 0.35 - 0.4 * cloudiness,
      softness: 0.4)
  }
}
