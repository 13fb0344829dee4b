internal import Foundation
internal import TensorCore

/// A vehicle of one body style, one unit long from -0.5, the rear, to 0.5, the front, its wheels on
/// y = 0 and up negative.
struct VehicleBody {
  /// The proportions that make a body style; ranges where makes differ.
  struct Style {
    let name: String
    /// The height of the roof over the ground.
    var roof: ClosedRange<Float>
    /// The height of the belt line, where the windows begin.
    var belt: ClosedRange<Float>
    /// Where the roof begins and ends.
    var roofRear: ClosedRange<Float>
    var roofFront: ClosedRange<Float>
    /// Where the rear window and the windscreen meet the belt line.
    var windowRear: ClosedRange<Float>
    var windscreen: ClosedRange<Float>
    /// How far hood and boot lie below the belt line.
    var hoodDrop: ClosedRange<Float> = 0.01...0.03
    var clearance: ClosedRange<Float> = 0.05...0.07
    var wheel: ClosedRange<Float> = 0.068...0.08
    /// Relative to the other styles.
    var length: Float = 1
    var kind = Kind.car
  }

  enum Kind { case car, convertible, pickup, van, bus, truck }

  static let styles: [Style] = [
    Style(
      name: "bus", roof: 0.33...0.38, belt: 0.17...0.19, roofRear: -0.49...(-0.47),
      roofFront: 0.47...0.49, windowRear: -0.5...(-0.49), windscreen: 0.49...0.5,
      clearance: 0.03...0.05, wheel: 0.045...0.055, kind: .bus),
    Style(
      name: "convertible", roof: 0.25...0.28, belt: 0.18...0.2, roofRear: -0.1...0,
      roofFront: 0.04...0.08, windowRear: -0.24...(-0.2), windscreen: 0.14...0.19,
      kind: .convertible),
    Style(
      name: "pickup", roof: 0.31...0.36, belt: 0.2...0.225, roofRear: -0.1...(-0.04),
      roofFront: 0.08...0.14, windowRear: -0.13...(-0.09), windscreen: 0.2...0.25,
      hoodDrop: 0...0.02, clearance: 0.07...0.1, wheel: 0.078...0.092, kind: .pickup),
    Style(
      name: "sedan", roof: 0.28...0.305, belt: 0.185...0.2, roofRear: -0.17...(-0.12),
      roofFront: 0.04...0.1, windowRear: -0.31...(-0.26), windscreen: 0.2...0.24),
    Style(
      name: "sports-car", roof: 0.215...0.24, belt: 0.145...0.16, roofRear: -0.12...(-0.06),
      roofFront: -0.02...0.03, windowRear: -0.42...(-0.36), windscreen: 0.16...0.22,
      hoodDrop: 0.02...0.04, clearance: 0.035...0.05, wheel: 0.075...0.088),
    Style(
      name: "suv", roof: 0.39...0.44, belt: 0.25...0.275, roofRear: -0.46...(-0.43),
      roofFront: 0.06...0.12, windowRear: -0.485...(-0.47), windscreen: 0.17...0.2,
      hoodDrop: 0...0.015, clearance: 0.09...0.12, wheel: 0.09...0.105),
    Style(
      name: "truck", roof: 0.36...0.42, belt: 0.22...0.25, roofRear: 0.2...0.24,
      roofFront: 0.44...0.47, windowRear: 0.2...0.24, windscreen: 0.48...0.5,
      clearance: 0.06...0.08, wheel: 0.055...0.065, kind: .truck),
    Style(
      name: "van", roof: 0.4...0.46, belt: 0.24...0.27, roofRear: -0.49...(-0.47),
      roofFront: 0.2...0.26, windowRear: -0.5...(-0.49), windscreen: 0.36...0.4,
      hoodDrop: 0.02...0.05, wheel: 0.065...0.075, kind: .van),
  ]

  private let kind: Kind
  private let roof, belt, roofRear, roofFront, windowRear, windscreen: Float
  let length: Float
  private let hood, clearance, wheel: Float
  private let rearAxle, frontAxle: Float
  private let paint: Colour
  private let glass: Colour
  var isLit = false

  init(_ style: Style, using random: inout KeyedRandom) {
    kind = style.kind
    length = style.length
    roof = -random.float(style.roof)
    belt = -random.float(style.belt)
    roofRear = random.float(style.roofRear)
    roofFront = random.float(style.roofFront)
    windowRear = random.float(style.windowRear)
    windscreen = random.float(style.windscreen)
    hood = belt + random.float(style.hoodDrop)
    clearance = -random.float(style.clearance)
    wheel = random.float(style.wheel)
    rearAxle = random.float(-0.34...(-0.27))
    frontAxle = random.float(0.28...0.34)
    paint =
      random.chance(0.4)
      ? .grey(random.pick([0.95, 0.8, 0.55, 0.3, 0.12]))
      : random.colour(saturation: 0.3...0.9, value: 0.25...0.9)
    glass = Colour(0.12, 0.15, 0.18).mixed(.grey(0.8), random.float(0...0.5))
  }

  func draw(on canvas: inout Canvas, _ random: inout KeyedRandom) {
    canvas.shade(
      .ellipse(Point(0, 0.005), Point(0.53, 0.035)), softness: 1.2, Colour(0, 0, 0, 0.65))
    switch kind {
    case .bus: drawBus(on: &canvas, &random)
    case .truck: drawTruck(on: &canvas, &random)
    default: drawCar(on: &canvas, &random)
    }
    for axle in axles { drawWheel(at: axle, on: &canvas) }
    if isLit {
      canvas.shade(
        .circle(Point(0.49, (hood + clearance) / 2), 0.03), softness: 2, Colour(1, 0.97, 0.8, 1))
    }
  }

  private var axles: [Float] {
    switch kind {
    case .truck: [-0.38, -0.28, 0.34]
    case .bus: [rearAxle + 0.02, frontAxle]
    default: [rearAxle, frontAxle]
    }
  }

  /// Fills with the body's paint: light from above.
  private func fillBody(_ path: Path, _ colour: Colour, _ canvas: inout Canvas) {
    canvas.fill(
      path, from: colour.lit(1.2), at: Point(0, roof), to: colour.lit(0.6), at: Point(0, clearance))
  }

  private func drawCar(on canvas: inout Canvas, _ random: inout KeyedRandom) {
    let nose = hood + (clearance - hood) * random.float(0.25...0.4)
    var outline = Point.pairs([-0.49, clearance, -0.5, clearance - 0.06])
    let tail = kind == .car && windowRear > -0.4 ? belt + 0.012 : belt
    outline += [Point(-0.49, tail), Point(windowRear, belt)]
    if kind != .convertible { outline += [Point(roofRear, roof), Point(roofFront, roof)] }
    outline += [Point(windscreen, belt), Point(0.44, hood), Point(0.49, nose)]
    outline += [Point(0.5, clearance - 0.03), Point(0.48, clearance)]
    fillBody(.contour(outline), paint, &canvas)
    drawCabin(on: &canvas, &random)
    // Sill, lights, handle.
    canvas.fill(.rectangle(-0.48, clearance - 0.015, 0.47, clearance + 0.008), paint.lit(0.35))
    canvas.fill(.rectangle(0.44, hood + 0.015, 0.49, hood + 0.045), Colour(0.95, 0.93, 0.8))
    canvas.fill(.rectangle(-0.5, belt + 0.02, -0.465, belt + 0.06), Colour(0.75, 0.08, 0.08))
    canvas.fill(.rectangle(-0.02, belt + 0.02, 0.03, belt + 0.03), paint.lit(0.5))
    if kind == .pickup {
      // The open bed.
      canvas.fill(.rectangle(-0.48, belt, windowRear, belt + 0.02), .grey(0.12))
    }
  }

  private func drawCabin(on canvas: inout Canvas, _ random: inout KeyedRandom) {
    let height = belt - roof
    if kind == .convertible {
      let slope = Point(roofFront, roof) - Point(windscreen, belt)
      canvas.fill(
        .line(Point(windscreen, belt), Point(windscreen, belt) + slope, width: 0.022), .grey(0.1))
      for seat in [Float(-0.12), 0.02] {
        canvas.fill(
          .roundedRectangle(seat - 0.03, belt - height * 0.5, seat + 0.02, belt, radius: 0.015),
          random.colour(saturation: 0...0.5, value: 0.05...0.5))
        if random.chance(0.4) {
          canvas.fill(
            .circle(Point(seat + 0.03, belt - height * 0.6), 0.032), Colour(0.7, 0.5, 0.4))
        }
      }
      canvas.fill(.rectangle(windowRear, belt - 0.012, -0.17, belt + 0.005), .grey(0.15))
      return
    }
    // The windows: the cabin's outline drawn in, divided by pillars.
    let inset: Float = 0.022
    let top = roof + height * 0.18
    let bottom = belt - height * 0.04
    func edge(_ from: Point, _ to: Point, _ y: Float) -> Float {
      from.x + (to.x - from.x) * (y - from.y) / (to.y - from.y)
    }
    let rear = (Point(windowRear, belt), Point(roofRear, roof))
    let front = (Point(windscreen, belt), Point(roofFront, roof))
    // A delivery van has no windows behind its doors.
    let doorRear: Float = kind == .van && random.chance(0.7) ? roofFront - 0.13 : -1
    let topRear = max(edge(rear.0, rear.1, top) + inset, doorRear)
    let bottomRear = max(edge(rear.0, rear.1, bottom) + inset * 1.4, doorRear)
    canvas.fill(
      .polygon(
        topRear, top, edge(front.0, front.1, top) - inset, top,
        edge(front.0, front.1, bottom) - inset, bottom, bottomRear, bottom),
      from: glass.lit(1.5), at: Point(0, top), to: glass.lit(0.7), at: Point(0, bottom))
    let span = roofFront - roofRear
    let pillars: [Float] = span > 0.32 ? [0.3, 0.68] : (span > 0.16 ? [0.45] : [])
    for share in pillars where roofRear + span * share > doorRear + 0.03 {
      let x = roofRear + span * share
      canvas.fill(.rectangle(x - 0.011, top - 0.01, x + 0.011, bottom + 0.005), paint.lit(0.8))
    }
  }

  private func drawBus(on canvas: inout Canvas, _ random: inout KeyedRandom) {
    fillBody(
      .roundedRectangle(-0.5, roof, 0.5, clearance, radius: 0.03), paint, &canvas)
    if random.chance(0.6) {
      canvas.fill(
        .rectangle(-0.5, belt + 0.02, 0.5, belt + 0.06), random.colour(saturation: 0.3...0.8))
    }
    let top = roof + (belt - roof) * 0.25
    let count = random.count(5...8)
    let step = 0.92 / Float(count)
    for window in 0..<count {
      let x = -0.46 + Float(window) * step
      canvas.fill(.rectangle(x, top, x + step * 0.86, belt), glass)
    }
    canvas.fill(.rectangle(0.4, top, 0.46, clearance - 0.01), glass.lit(0.8))
    canvas.fill(.rectangle(0.47, top, 0.5, belt + 0.02), glass.lit(1.2))
    canvas.fill(.rectangle(0.46, clearance - 0.05, 0.5, clearance - 0.02), Colour(0.95, 0.93, 0.8))
  }

  private func drawTruck(on canvas: inout Canvas, _ random: inout KeyedRandom) {
    canvas.fill(.rectangle(-0.49, clearance - 0.03, 0.4, clearance), .grey(0.15))
    let cargo = random.variant(of: random.chance(0.5) ? .grey(0.88) : random.colour(), 0.05)
    let boxFront = roofRear - random.float(0.02...0.04)
    switch random.count(0...2) {
    case 0:
      // A tanker.
      let middle = (roof + clearance) / 2 - 0.015
      let tank = Path.roundedRectangle(
        -0.5, middle - 0.11, boxFront, middle + 0.11, radius: 0.1)
      canvas.fill(
        tank, from: cargo.lit(1.2), at: Point(0, middle - 0.1), to: cargo.lit(0.5),
        at: Point(0, middle + 0.11))
    default:
      let top = roof * random.float(0.98...1.12)
      fillBody(.rectangle(-0.5, top, boxFront, clearance - 0.03), cargo, &canvas)
      if random.chance(0.4) {
        canvas.fill(
          .rectangle(-0.42, top * 0.75, boxFront - 0.08, top * 0.55),
          random.colour(saturation: 0.3...0.9))
      }
    }
    fillBody(
      .polygon(
        roofRear, clearance, roofRear, roof, roofFront, roof, windscreen, belt, 0.5, clearance),
      paint, &canvas)
    let top = roof + (belt - roof) * 0.2
    canvas.fill(
      .polygon(
        roofRear + 0.09, top, roofFront - 0.005, top, windscreen - 0.02, belt, roofRear + 0.09, belt
      ),
      glass)
    canvas.fill(.rectangle(0.45, clearance - 0.05, 0.5, clearance - 0.02), Colour(0.95, 0.93, 0.8))
  }

  private func drawWheel(at x: Float, on canvas: inout Canvas) {
    // Round on the canvas, whatever the frame's proportions.
    let stretch = canvas.transform.down.length / canvas.transform.right.length
    let center = Point(x, -wheel)
    func disc(_ radius: Float, _ colour: Colour) {
      canvas.fill(.ellipse(center, Point(radius * stretch, radius), sides: 16), colour)
    }
    if kind != .truck { disc(wheel * 1.18, paint.lit(0.25)) }
    disc(wheel, .grey(0.07))
    disc(wheel * 0.58, .grey(0.62))
    disc(wheel * 0.2, .grey(0.25))
  }
}
