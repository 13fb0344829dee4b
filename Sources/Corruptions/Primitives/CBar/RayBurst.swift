internal import Foundation
internal import TensorCore

/// A burst of rays of random lengths around a centre.
struct RayBurst {
  let centerX, centerY: Double
  /// Of the light's fall beyond the rays.
  let exponent: Double
  /// In pixels, one for each ray, around the circle.
  let lengths: [Double]

  /// - Parameters:
  ///   - radius: the mean length in pixels; single ones spread by a quarter of it.
  ///   - shortest: no ray is shorter, in pixels.
  init(
    centerX: Double, centerY: Double, radius: Double, shortest: Double, exponent: Double,
    using random: inout some CorruptionRandom
  ) {
    self.centerX = centerX
    self.centerY = centerY
    self.exponent = exponent
    lengths = random.normals(random.integer(in: 50..<200)).map {
      max(shortest, radius + 0.25 * radius * $0)
    }
  }

  /// How bright the burst is at a pixel, 0...1.
  func light(x: Double, y: Double) -> Double {
    let (dx, dy) = (x - centerX, y - centerY)
    let position = (atan2(dx, dy) + .pi) / (2 * .pi) * Double(lengths.count)
    let ray = Int(position)
    var between = position - Double(ray)
    let first = lengths[ray % lengths.count]
    let length = first + between * (lengths[(ray + 1) % lengths.count] - first)
    let ratio = length * length / (dx * dx + dy * dy + 1e-4)
    let fall = exponent == 1 ? ratio : pow(ratio, exponent)
    between -= 0.5
    return min(max((1 - between * between) * fall, 0), 1)
  }
}
