internal import Foundation
public import Imaging
public import TensorCore

/// Surfaces told apart by their pattern alone, in any colours and scales (after DTD).
public enum TexturesTask: SuiteTask {
  public static let name = "textures"
  public static let classNames = [
    "blotchy", "bubbly", "chequered", "cracked", "crosshatched", "dotted", "honeycombed", "marbled",
    "scaly", "striped", "woven", "zigzagged",
  ]
  public static let isMirrorInvariant = true

  public static func render(classIndex: Int, random: inout KeyedRandom) -> PixelImage {
    let surface = Surface(using: &random)
    let pattern = Pattern.field(classNames[classIndex], on: surface, using: &random)
    var palette = Palette(using: &random)
    // Where the pattern is relief rather than print, light must fall on its raised parts.
    if ["bubbly", "scaly", "woven"].contains(classNames[classIndex]) { palette.putDarkLow() }
    var canvas = Canvas(palette[0])
    for index in canvas.pixels.indices { canvas.pixels[index] = palette[pattern.values[index]] }
    canvas.modulate(
      .noise(random.float(8...40), octaves: 3, gain: 0.7, using: &random), random.float(0.05...0.3))
    var camera = Camera.random(1, using: &random)
    camera.contrast = random.float(0.7...1.1)
    camera.blur = Point(repeating: random.float(0.3...0.8))
    return camera.develop(canvas, using: &random)
  }

  /// Two colours far enough apart in lightness that the pattern shows.
  private struct Palette {
    private var low: Colour
    private var high: Colour

    init(using random: inout KeyedRandom) {
      let first = random.colour(saturation: 0...0.7, value: 0.15...0.95)
      var second =
        random.chance(0.5)
        ? first.lit(random.float(0.35...0.7))
        : random.colour(saturation: 0...0.7, value: 0.15...0.95)
      let difference = first.luminance - second.luminance
      if abs(difference) < 0.28 {
        second = first.luminance > 0.5 ? second.lit(0.4) : second.mixed(.grey(1), 0.45)
      }
      (low, high) = random.chance(0.5) ? (first, second) : (second, first)
    }

    mutating func putDarkLow() {
      if low.luminance > high.luminance { swap(&low, &high) }
    }

    subscript(_ value: Float) -> Colour { low.mixed(high, value) }
  }
}

/// Coordinates on a turned, scaled and slightly crumpled surface.
private struct Surface {
  let frame: Affine
  let crumpleX: Field
  let crumpleY: Field
  let crumple: Float

  init(using random: inout KeyedRandom) {
    let period = random.float(9...16)
    frame = Affine()
      .rotated(random.spread(0.25) + random.pick([0, .pi / 2]))
      .scaled(random.float(0.85...1.15) / period, 1 / period)
      .translated(random.float(0...9), random.float(0...9))
    crumpleX = .noise(24, octaves: 2, using: &random)
    crumpleY = .noise(24, octaves: 2, using: &random)
    crumple = random.float(0...5)
  }

  /// Evaluates `value` at the surface's coordinates under each pixel, one unit per period.
  @inline(__always)
  func field(_ value: (Float, Float) -> Float) -> Field {
    var field = Field()
    for y in 0..<field.height {
      for x in 0..<field.width {
        let index = y * field.width + x
        let place = Point(
          Float(x) + crumple * crumpleX.values[index], Float(y) + crumple * crumpleY.values[index])
        let surface = frame(place)
        field.values[index] = min(max(value(surface.x + 64, surface.y + 64), 0), 1)
      }
    }
    return field
  }
}

/// The patterns; each gives 0...1.
private enum Pattern {
  static func field(
    _ name: String, on surface: Surface, using random: inout KeyedRandom
  ) -> Field {
    let sharpness = random.float(2...6)
    let share = random.float(0.4...0.6)
    switch name {
    case "blotchy": return blotchy(sharpness, &random)
    case "bubbly":
      let salt = random.bits()
      return surface.field { bubbles($0 * 0.8, $1 * 0.8, salt) }
    case "chequered":
      return surface.field { 0.5 + sharpness * sin(.pi * $0) * sin(.pi * $1) }
    case "cracked":
      let salt = random.bits()
      let width = random.float(0.05...0.11)
      let shade = random.float(0...0.3)
      return surface.field { cracks($0 * 0.75, $1 * 0.75, salt, width, shade) }
    case "crosshatched":
      let turn = Point.direction(random.float(0.7...1.4))
      let width = random.float(0.13...0.22)
      return surface.field { u, v in
        max(line(u * 1.4, width), line((u * turn.x + v * turn.y) * 1.4, width))
      }
    case "dotted":
      let radius = random.float(0.24...0.36)
      let offset: Float = random.chance(0.5) ? 0.5 : 0
      return surface.field { u, v in
        let row = v.rounded(.down)
        let column = u + offset * row.truncatingRemainder(dividingBy: 2)
        let distance = Point(fraction(column) - 0.5, v - row - 0.5).length
        return 0.5 + (radius - distance) * sharpness * 2
      }
    case "honeycombed":
      let width = random.float(0.06...0.13)
      return surface.field { honeycomb($0, $1, width) }
    case "marbled":
      let turbulence = Field.noise(random.float(18...30), octaves: 5, gain: 0.6, using: &random)
      return marble(surface, turbulence, random.float(1.6...2.6), random.float(0.25...0.5))
    case "scaly":
      let shade = random.float(0.5...0.9)
      return surface.field { scales($0 * 0.85, $1 * 1.5, shade) }
    case "striped":
      return surface.field { u, _ in 0.5 + sharpness * (sin(2 * .pi * u) * 0.5 + share - 0.5) }
    case "woven":
      let gap = random.float(0.05...0.14)
      return surface.field { weave($0 * 1.2, $1 * 1.2, gap) }
    default:
      let height = random.float(0.35...0.7)
      let length = random.float(0.5...0.8)
      return surface.field { u, v in
        let tooth = abs(fraction(v * length) - 0.5) * 2 * height / length
        return 0.5 + sharpness * (sin(2 * .pi * (u + tooth)) * 0.5 + share - 0.5)
      }
    }
  }

  private static func blotchy(_ sharpness: Float, _ random: inout KeyedRandom) -> Field {
    var field = Field.noise(random.float(10...18), octaves: 3, gain: 0.35, using: &random)
    let level = random.float(-0.1...0.1)
    for index in field.values.indices {
      field.values[index] = min(max(0.5 + (field.values[index] + level) * sharpness, 0), 1)
    }
    return field
  }

  private static func marble(
    _ surface: Surface, _ turbulence: Field, _ strength: Float, _ base: Float
  ) -> Field {
    var veins = surface.field { u, _ in fraction(u * 0.04) }
    for index in veins.values.indices {
      let phase = veins.values[index] * 25 * .pi + turbulence.values[index] * strength * 3
      let ridge = 1 - abs(sin(phase))
      veins.values[index] = min(ridge * ridge * 1.3 + base * turbulence.values[index], 1)
    }
    for index in veins.values.indices { veins.values[index] = max(veins.values[index], 0) }
    return veins
  }

  @inline(__always)
  private static func fraction(_ value: Float) -> Float { value - value.rounded(.down) }

  /// A line of half-width `width` at every integer.
  @inline(__always)
  private static func line(_ position: Float, _ width: Float) -> Float {
    let distance = abs(fraction(position) - 0.5)
    return 0.5 + (width - distance) * 8
  }

  /// A point of the unit cell that depends on the cell.
  @inline(__always)
  private static func jitter(_ column: Float, _ row: Float, _ salt: UInt32) -> Point {
    var hash = UInt32(bitPattern: Int32(column)) &* 0x9E37_79B1
    hash = (hash ^ UInt32(bitPattern: Int32(row))) &* 0x85EB_CA77 ^ salt
    hash = (hash ^ hash >> 15) &* 0xC2B2_AE3D
    hash ^= hash >> 13
    return Point(Float(hash & 0xffff), Float(hash >> 16)) * 0x1p-16
  }

  @inline(__always)
  private static func cracks(
    _ u: Float, _ v: Float, _ salt: UInt32, _ width: Float, _ shade: Float
  ) -> Float {
    let (column, row) = (u.rounded(.down), v.rounded(.down))
    var nearest: Float = 9
    var second: Float = 9
    var tone: Float = 0
    for down in -1...1 {
      for across in -1...1 {
        let cell = Point(column + Float(across), row + Float(down))
        let seed = jitter(cell.x, cell.y, salt)
        let distance = (cell + seed - Point(u, v)).length
        if distance < nearest {
          second = nearest
          nearest = distance
          tone = seed.x
        } else if distance < second {
          second = distance
        }
      }
    }
    let edge = min(max((second - nearest - width) * 8, 0), 1)
    return edge * (1 - shade * tone)
  }

  @inline(__always)
  private static func bubbles(_ u: Float, _ v: Float, _ salt: UInt32) -> Float {
    let (column, row) = (u.rounded(.down), v.rounded(.down))
    var value: Float = 0.3
    for down in -1...1 {
      for across in -1...1 {
        let cell = Point(column + Float(across), row + Float(down))
        let seed = jitter(cell.x, cell.y, salt)
        let offset = Point(u, v) - cell - seed
        let radius = 0.25 + 0.4 * jitter(cell.y, cell.x, salt).x
        let distance = offset.length / radius
        guard distance < 1 else { continue }
        // A bright rim and a highlight.
        let glint = (offset / radius + Point(0.35, 0.35)).length
        value = max(0.05 + distance * distance * distance * 0.85, 1 - glint * 2.5)
      }
    }
    return value
  }

  @inline(__always)
  private static func honeycomb(_ u: Float, _ v: Float, _ width: Float) -> Float {
    // The nearer of two rectangular lattices, then the distance to the hexagon's border.
    let height: Float = 1.7320508
    let first = Point(fraction(u) - 0.5, (fraction(v / height) - 0.5) * height)
    let second = Point(fraction(u + 0.5) - 0.5, (fraction(v / height + 0.5) - 0.5) * height)
    let isFirst = first.x * first.x + first.y * first.y < second.x * second.x + second.y * second.y
    let near = isFirst ? first : second
    let (x, y) = (abs(near.x), abs(near.y))
    let border = 0.5 - max(x, x * 0.5 + y * 0.8660254)
    return 0.5 + (border - width) * 8
  }

  @inline(__always)
  private static func scales(_ u: Float, _ v: Float, _ shade: Float) -> Float {
    // Each row of discs covers the upper part of the row below: the first that holds the point.
    let row = v.rounded(.down)
    for below in 0..<3 {
      let number = row - Float(below)
      let shift = number.truncatingRemainder(dividingBy: 2) * 0.5
      let x = fraction(u + shift) - 0.5
      let y = (v - number - 1) * 0.6
      let distance = (x * x + y * y).squareRoot()
      if y < 0 || distance < 0.58 {
        let rim = min(max((0.56 - distance) * 10, 0), 1)
        return rim * (1 - shade * max(0, 0.55 - distance) * 1.6)
      }
    }
    return 0
  }

  @inline(__always)
  private static func weave(_ u: Float, _ v: Float, _ gap: Float) -> Float {
    let (column, row) = (u.rounded(.down), v.rounded(.down))
    let isWarp = (column + row).truncatingRemainder(dividingBy: 2) == 0
    let (x, y) = (u - column - 0.5, v - row - 0.5)
    let (across, along) = isWarp ? (x, y) : (y, x)
    guard abs(across) < 0.5 - gap else { return 0 }
    // A round thread that dips at both ends of its crossing.
    return (1 - 1.6 * across * across) * (1 - 2.4 * along * along) * (isWarp ? 1 : 0.72)
  }
}
