internal import Foundation
public import Imaging
public import TensorCore

/// Traffic signs by the roadside in any light (after GTSRB).
public enum TrafficSignsTask: SuiteTask {
  public static let name = "traffic-signs"
  public static let classNames = [
    "speed-limit-30", "speed-limit-50", "speed-limit-80", "no-overtaking", "no-entry", "stop",
    "yield", "priority-road", "double-curve", "pedestrians", "turn-right", "roundabout",
  ]
  public static let isMirrorInvariant = false

  public static func render(classIndex: Int, random: inout KeyedRandom) -> PixelImage {
    var canvas = roadside(&random)
    let radius = random.float(15...28)
    let center = random.point(25...39, 25...39)
    canvas.fill(
      .rectangle(center.x - 1.5, center.y, center.x + 1.5, 64),
      .grey(random.float(0.35...0.65)))
    canvas.transform = Affine()
      .translated(center.x, center.y)
      .rotated(random.spread(0.09))
      .sheared(random.spread(0.06))
      .scaled(radius * random.float(0.78...1.02), radius)
    let paint = SignPaint(using: &random)
    paint.draw(classNames[classIndex], on: &canvas)
    weather(&canvas, &random)
    var camera = Camera.random(1.2, using: &random)
    camera.exposure = exp(random.float(-1.1...0.25))
    camera.contrast = random.float(0.7...1.1)
    // Signs are taken from a driving car.
    camera.blur = Point(random.float(0.3...1.6), random.float(0.3...1.0))
    return camera.develop(canvas, using: &random)
  }

  /// Sky, trees, walls: out of focus behind the sign.
  private static func roadside(_ random: inout KeyedRandom) -> Canvas {
    let sky = Colour(
      hue: random.float(0.5...0.66), saturation: random.float(0...0.5),
      value: random.float(0.5...1))
    let ground = random.pick([
      Colour(0.2, 0.32, 0.12), Colour(0.35, 0.33, 0.3), Colour(0.45, 0.38, 0.28),
    ])
    var canvas = Canvas(sky)
    canvas.fillSky(sky, random.variant(of: sky, 0.15), to: 64)
    let horizon = random.float(-10...70)
    canvas.fill(.rectangle(0, horizon, 64, 64), random.variant(of: ground, 0.15))
    for _ in 0..<random.count(2...7) {
      let place = random.point(0...64, 0...64)
      if random.chance(0.5) {
        let leaf = Colour(
          hue: random.float(0.2...0.4), saturation: random.float(0.2...0.7),
          value: random.float(0.1...0.5))
        canvas.fill(.ellipse(place, random.point(6...20, 6...20)), leaf)
      } else {
        let size = random.point(5...22, 5...30)
        canvas.fill(
          .rectangle(place.x - size.x, place.y - size.y, place.x + size.x, place.y + size.y),
          random.colour(saturation: 0...0.35, value: 0.2...0.9))
      }
    }
    canvas.modulate(.noise(random.float(5...14), octaves: 2, using: &random), 0.35)
    canvas.blur(random.float(0.8...2.2))
    return canvas
  }

  /// Shadows of leaves, a glare, a twig before the sign.
  private static func weather(_ canvas: inout Canvas, _ random: inout KeyedRandom) {
    let side = Point.direction(random.float(0...6.28))
    let light = Colour.grey(random.chance(0.5) ? 1 : 0)
    canvas.fill(
      .circle(Point(0, 0), 1.05), from: light.opacity(random.float(0...0.35)), at: side,
      to: light.opacity(0), at: -side)
    if random.chance(0.25) {
      let shadow = Path.circle(random.point(-1.2...1.2, -1.2...1.2), random.float(0.3...0.7))
      canvas.shade(shadow, softness: 1.5, Colour(0, 0, 0, random.float(0.2...0.55)))
    }
    if random.chance(0.2) {
      let line = [random.point(-1.6...(-1), -1.2...1.2), random.point(1...1.6, -1.2...1.2)]
      canvas.fill(
        .stroke(line, width: random.float(0.05...0.16)),
        Colour(0.15, 0.16, 0.08, random.float(0.7...1)))
    }
  }
}

/// The colours of one sign, faded as they are, and its shapes in a frame of radius 1.
private struct SignPaint {
  let red: Colour
  let blue: Colour
  let white: Colour
  let yellow: Colour
  let black: Colour
  /// The width of a red border.
  let border: Float
  let figureShift: Point

  init(using random: inout KeyedRandom) {
    let fading = random.float(0...0.45)
    let grey = Colour.grey(0.6)
    red = random.variant(of: Colour(0.78, 0.08, 0.1), 0.08).mixed(grey, fading)
    blue = random.variant(of: Colour(0.06, 0.25, 0.66), 0.08).mixed(grey, fading)
    white = random.variant(of: Colour(0.94, 0.94, 0.92), 0.04).mixed(grey, fading * 0.5)
    yellow = random.variant(of: Colour(0.95, 0.74, 0.1), 0.06).mixed(grey, fading)
    black = Colour.grey(0.08).mixed(grey, fading * 0.6)
    border = random.float(0.16...0.26)
    figureShift = random.point(-0.04...0.04, -0.04...0.04)
  }

  func draw(_ name: String, on canvas: inout Canvas) {
    switch name {
    case "speed-limit-30": drawLimit([3, 0], on: &canvas)
    case "speed-limit-50": drawLimit([5, 0], on: &canvas)
    case "speed-limit-80": drawLimit([8, 0], on: &canvas)
    case "no-overtaking":
      drawRing(on: &canvas)
      drawCar(at: Point(-0.33, 0.05), red, on: &canvas)
      drawCar(at: Point(0.33, 0.05), black, on: &canvas)
    case "no-entry":
      canvas.fill(.circle(Point(0, 0), 1), white)
      canvas.fill(.circle(Point(0, 0), 0.94), red)
      canvas.fill(.rectangle(-0.68, -0.17, 0.68, 0.17), white)
    case "stop": drawStop(on: &canvas)
    case "yield":
      canvas.fill(.regular(3, Point(0, -0.2), 1.15, rotation: .pi / 2), red)
      canvas.fill(
        .regular(3, Point(0, -0.2), 1.15 - border * 2, rotation: .pi / 2), white)
    case "priority-road":
      canvas.fill(.regular(4, Point(0, 0), 1.05, rotation: 0), black)
      canvas.fill(.regular(4, Point(0, 0), 1.01, rotation: 0), white)
      canvas.fill(.regular(4, Point(0, 0), 0.95 - border, rotation: 0), yellow)
    case "double-curve":
      drawTriangle(on: &canvas)
      let curve = Point.spline(
        Point.pairs([0.08, 0.48, 0.1, 0.28, -0.14, 0.08, 0.1, -0.14, 0.08, -0.4]))
      canvas.fill(.stroke(curve.map { $0 + figureShift }, width: 0.15), black)
    case "pedestrians":
      drawTriangle(on: &canvas)
      drawWalker(on: &canvas)
    case "turn-right":
      drawBlueDisc(on: &canvas)
      canvas.fill(.stroke(Point.pairs([-0.3, 0.55, -0.3, -0.05, 0.2, -0.05]), width: 0.22), white)
      canvas.fill(.polygon(0.15, -0.45, 0.68, -0.05, 0.15, 0.35), white)
    default:
      drawBlueDisc(on: &canvas)
      drawRoundabout(on: &canvas)
    }
  }

  private func drawRing(on canvas: inout Canvas) {
    canvas.fill(.circle(Point(0, 0), 1), red)
    canvas.fill(.circle(Point(0, 0), 1 - border), white)
  }

  private func drawTriangle(on canvas: inout Canvas) {
    canvas.fill(.regular(3, Point(0, 0.2), 1.2, rotation: -.pi / 2), red)
    canvas.fill(.regular(3, Point(0, 0.2), 1.2 - border * 2, rotation: -.pi / 2), white)
  }

  private func drawBlueDisc(on canvas: inout Canvas) {
    canvas.fill(.circle(Point(0, 0), 1), white)
    canvas.fill(.circle(Point(0, 0), 0.94), blue)
  }

  private func drawLimit(_ digits: [Int], on canvas: inout Canvas) {
    drawRing(on: &canvas)
    for (index, digit) in digits.enumerated() {
      let x: Float = index == 0 ? -0.33 : 0.33
      let frame = canvas.transform.translated(x + figureShift.x, figureShift.y).scaled(0.8, 0.9)
      canvas.within(frame) { canvas in
        for stroke in DigitStrokes.forms(digit)[0] {
          canvas.fill(.stroke(stroke.flattened, width: 0.19), black)
        }
      }
    }
  }

  private func drawCar(at center: Point, _ colour: Colour, on canvas: inout Canvas) {
    let (x, y) = (center.x + figureShift.x, center.y + figureShift.y)
    canvas.fill(.roundedRectangle(x - 0.25, y - 0.1, x + 0.25, y + 0.2, radius: 0.06), colour)
    canvas.fill(
      .polygon(x - 0.2, y - 0.08, x - 0.13, y - 0.34, x + 0.13, y - 0.34, x + 0.2, y - 0.08),
      colour)
    canvas.fill(.rectangle(x - 0.22, y + 0.15, x - 0.11, y + 0.32), colour)
    canvas.fill(.rectangle(x + 0.11, y + 0.15, x + 0.22, y + 0.32), colour)
  }

  private func drawStop(on canvas: inout Canvas) {
    canvas.fill(.regular(8, Point(0, 0), 1.04, rotation: .pi / 8), white)
    canvas.fill(.regular(8, Point(0, 0), 0.96, rotation: .pi / 8), red)
    let letters: [[Point]] = [
      Point.pairs([-0.5, -0.24, -0.72, -0.24, -0.72, 0, -0.5, 0, -0.5, 0.24, -0.72, 0.24]),
      Point.pairs([-0.4, -0.24, -0.1, -0.24]), Point.pairs([-0.25, -0.24, -0.25, 0.26]),
      Point.pairs([0.04, -0.24, 0.26, -0.24, 0.26, 0.24, 0.04, 0.24, 0.04, -0.24]),
      Point.pairs([0.46, 0.26, 0.46, -0.24, 0.7, -0.24, 0.7, 0.02, 0.46, 0.02]),
    ]
    for letter in letters {
      canvas.fill(.stroke(letter.map { $0 + figureShift }, width: 0.11), white)
    }
  }

  private func drawWalker(on canvas: inout Canvas) {
    canvas.fill(.circle(Point(0.02, -0.32) + figureShift, 0.1), black)
    let limbs: [[Point]] = [
      Point.pairs([0, -0.18, 0, 0.14]), Point.pairs([0, 0.14, -0.2, 0.52]),
      Point.pairs([0, 0.14, 0.2, 0.52]), Point.pairs([-0.24, 0.06, 0, -0.14, 0.24, 0.06]),
    ]
    for limb in limbs {
      canvas.fill(.stroke(limb.map { $0 + figureShift }, width: 0.11), black)
    }
  }

  private func drawRoundabout(on canvas: inout Canvas) {
    for arrow in 0..<3 {
      let start = Float(arrow) * 2 * .pi / 3
      let arc = (0...5).map { Point.direction(start + Float($0) * 0.24) * 0.5 }
      canvas.fill(.stroke(arc, width: 0.18), white)
      let tip = Point.direction(start + 1.75) * 0.5
      let base = Point.direction(start + 1.2)
      canvas.fill(.contour([tip, base * 0.76, base * 0.24]), white)
    }
  }
}
