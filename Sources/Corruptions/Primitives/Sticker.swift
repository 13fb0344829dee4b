internal import Foundation

/// One sticker: a shape at a place, turned, in a colour.
struct Sticker {
  /// How many uniform draws make one: place across and down, size, shape, angle, hue, brightness.
  static let draws = 7
  /// How far a shape reaches from its centre, in radii.
  static let reach = 1.16

  private enum Shape: Int, CaseIterable {
    case disc, square, label, triangle, star
  }

  /// The centre, in pixels.
  let x, y: Double
  /// About how large it is, in pixels.
  let radius: Double
  /// The width of the white rim, in pixels.
  let rim: Double
  /// Red, green and blue, 0...1.
  let color: InlineArray<3, Double>
  private let shape: Shape
  private let cosine, sine: Double

  /// - Parameters:
  ///   - draws: uniform in [0, 1), `Sticker.draws` of them.
  ///   - sizes: of the radius, as shares of the root of the image's area.
  init(_ draws: ArraySlice<Double>, sizes: ClosedRange<Double>, width: Int, height: Int) {
    let first = draws.startIndex
    x = draws[first] * Double(width)
    y = draws[first + 1] * Double(height)
    let share = sizes.lowerBound + (sizes.upperBound - sizes.lowerBound) * draws[first + 2]
    radius = max(1, share * (Double(width) * Double(height)).squareRoot())
    rim = 0.14 * radius
    shape = Shape.allCases[Int(draws[first + 3] * Double(Shape.allCases.count))]
    let angle = 2 * .pi * draws[first + 4]
    cosine = cos(angle)
    sine = sin(angle)
    // A saturated colour by hue and brightness.
    let (hue, brightness) = (6 * draws[first + 5], 0.55 + 0.45 * draws[first + 6])
    func channel(_ offset: Double) -> Double {
      let turned = hue + offset < 6 ? hue + offset : hue + offset - 6
      return brightness * (0.12 + 0.88 * min(max(abs(turned - 3) - 1, 0), 1))
    }
    color = [channel(0), channel(4), channel(2)]
  }

  /// About how far (`x`, `y`) is from the edge, in pixels; negative inside.
  @inline(__always)
  func distance(x: Double, y: Double) -> Double {
    let right = cosine * (x - self.x) + sine * (y - self.y)
    let down = cosine * (y - self.y) - sine * (x - self.x)
    switch shape {
    case .disc: return (right * right + down * down).squareRoot() - radius
    case .square: return max(abs(right), abs(down)) - 0.8 * radius
    case .label: return max(abs(right) - radius, abs(down) - 0.58 * radius)
    case .triangle: return Self.triangle(right, down) - 0.57 * radius
    case .star:
      // Two triangles, one upside down.
      return min(Self.triangle(right, down), Self.triangle(right, -down)) - 0.55 * radius
    }
  }

  /// From the middle of an equilateral triangle towards its sides: its corners are twice as far.
  @inline(__always)
  private static func triangle(_ right: Double, _ down: Double) -> Double {
    max(down, 0.8660254037844386 * abs(right) - 0.5 * down)
  }
}
