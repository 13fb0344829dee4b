internal import Foundation

/// A position or a direction in the plane; x to the right, y downwards.
typealias Point = SIMD2<Float>

extension SIMD2<Float> {
  var length: Float { (x * x + y * y).squareRoot() }

  /// The unit vector at `angle` radians from the x axis.
  static func direction(_ angle: Float) -> Point { Point(cos(angle), sin(angle)) }
}

/// An affine map of the plane: `origin + right * x + down * y`.
struct Affine {
  var right = Point(1, 0)
  var down = Point(0, 1)
  var origin = Point(0, 0)

  @inline(__always)
  func callAsFunction(_ point: Point) -> Point { origin + right * point.x + down * point.y }

  // Each of these applies the named motion first and `self` afterwards, so that chains read as
  // nested drawing frames, outermost first.

  func translated(_ x: Float, _ y: Float) -> Affine {
    Affine(right: right, down: down, origin: self(Point(x, y)))
  }

  func scaled(_ x: Float, _ y: Float) -> Affine {
    Affine(right: right * x, down: down * y, origin: origin)
  }

  func scaled(_ factor: Float) -> Affine { scaled(factor, factor) }

  func rotated(_ angle: Float) -> Affine {
    let turn = Point.direction(angle)
    return Affine(
      right: right * turn.x + down * turn.y, down: down * turn.x - right * turn.y, origin: origin)
  }

  /// Moves points to the right by `amount` for each unit downwards.
  func sheared(_ amount: Float) -> Affine {
    Affine(right: right, down: down + right * amount, origin: origin)
  }

  /// The map that undoes this one.
  var inverse: Affine {
    let determinant = right.x * down.y - right.y * down.x
    let undoneRight = Point(down.y, -right.y) / determinant
    let undoneDown = Point(-down.x, right.x) / determinant
    return Affine(
      right: undoneRight, down: undoneDown,
      origin: -(undoneRight * origin.x + undoneDown * origin.y))
  }
}

/// Closed contours to be filled by the non-zero winding rule. Contours of one orientation unite,
/// contours of opposite orientations cut holes.
struct Path {
  private(set) var points: [Point] = []
  /// The end, in `points`, of each contour.
  private(set) var ends: [Int] = []

  mutating func append(_ contour: [Point]) {
    points += contour
    ends.append(points.count)
  }

  mutating func append(_ other: Path) {
    let offset = points.count
    points += other.points
    ends += other.ends.map { $0 + offset }
  }

  static func contour(_ points: [Point]) -> Path {
    var path = Path()
    path.append(points)
    return path
  }

  /// A polygon through `x0, y0, x1, y1, ...`.
  static func polygon(_ coordinates: Float...) -> Path {
    contour(Point.pairs(coordinates))
  }

  static func rectangle(_ left: Float, _ top: Float, _ right: Float, _ bottom: Float) -> Path {
    contour([
      Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom),
    ])
  }

  static func roundedRectangle(
    _ left: Float, _ top: Float, _ right: Float, _ bottom: Float, radius: Float
  ) -> Path {
    var points: [Point] = []
    let corners = [
      (Point(right - radius, top + radius), Float(-0.5)),
      (Point(right - radius, bottom - radius), 0),
      (Point(left + radius, bottom - radius), 0.5), (Point(left + radius, top + radius), 1),
    ]
    for (center, start) in corners {
      for step in 0...4 {
        points.append(center + .direction((start + Float(step) / 8) * .pi) * radius)
      }
    }
    return contour(points)
  }

  static func ellipse(_ center: Point, _ radii: Point, rotation: Float = 0, sides: Int = 28) -> Path
  {
    let turn = Point.direction(rotation)
    return contour(
      (0..<sides).map { side in
        let point = Point.direction(Float(side) * 2 * .pi / Float(sides)) * radii
        return center
          + Point(point.x * turn.x - point.y * turn.y, point.x * turn.y + point.y * turn.x)
      })
  }

  static func circle(_ center: Point, _ radius: Float, sides: Int = 28) -> Path {
    ellipse(center, Point(radius, radius), sides: sides)
  }

  static func ring(_ center: Point, _ outer: Float, _ inner: Float) -> Path {
    var path = circle(center, outer)
    path.append(circle(center, inner).points.reversed())
    return path
  }

  /// A regular polygon; its first corner lies at `rotation` radians from the x axis.
  static func regular(_ sides: Int, _ center: Point, _ radius: Float, rotation: Float) -> Path {
    contour(
      (0..<sides).map {
        center + .direction(rotation + Float($0) * 2 * .pi / Float(sides)) * radius
      })
  }

  /// The band of `width` along the line through `points`, with round ends and joints.
  static func stroke(_ points: [Point], width: Float, closed: Bool = false) -> Path {
    var path = Path()
    let radius = width / 2
    let sides = radius > 1.5 ? 12 : 8
    for (index, point) in points.enumerated() {
      path.append(circle(point, radius, sides: sides))
      guard index + 1 < points.count || closed else { break }
      let next = points[(index + 1) % points.count]
      let length = (next - point).length
      guard length > 0 else { continue }
      let normal = Point(point.y - next.y, next.x - point.x) * (radius / length)
      path.append([point - normal, next - normal, next + normal, point + normal])
    }
    return path
  }

  /// A band of `width` from `start` to `end` with straight ends.
  static func line(_ start: Point, _ end: Point, width: Float) -> Path {
    let length = max((end - start).length, 1e-6)
    let normal = Point(start.y - end.y, end.x - start.x) * (width / 2 / length)
    return contour([start - normal, end - normal, end + normal, start + normal])
  }
}

extension SIMD2<Float> {
  static func pairs(_ coordinates: [Float]) -> [Point] {
    stride(from: 0, to: coordinates.count - 1, by: 2).map {
      Point(coordinates[$0], coordinates[$0 + 1])
    }
  }

  /// The Catmull-Rom curve through `points`, `steps` lines for each span.
  static func spline(_ points: [Point], steps: Int = 6, closed: Bool = false) -> [Point] {
    guard points.count > 2 else { return points }
    let count = points.count
    let spans = closed ? count : count - 1
    func point(_ index: Int) -> Point {
      closed ? points[(index + count) % count] : points[Swift.min(Swift.max(index, 0), count - 1)]
    }
    var curve: [Point] = []
    curve.reserveCapacity(spans * steps + 1)
    for span in 0..<spans {
      let (before, start) = (point(span - 1), point(span))
      let (end, after) = (point(span + 1), point(span + 2))
      let linear = end - before
      let quadratic = before * 2 - start * 5 + end * 4 - after
      let cubic = (start - end) * 3 + after - before
      for step in 0..<steps {
        let t = Float(step) / Float(steps)
        curve.append(start + (linear + (quadratic + cubic * t) * t) * (t * 0.5))
      }
    }
    if !closed { curve.append(points[count - 1]) }
    return curve
  }
}
