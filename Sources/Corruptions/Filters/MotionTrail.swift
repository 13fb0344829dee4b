internal import Foundation
internal import TensorCore

/// The trail of a moving camera: one half of a Gaussian along a line, as ImageMagick's
/// `-motion-blur` lays it.
struct MotionTrail {
  /// Whose arithmetic: they differ by one level in a few samples, and at the edges.
  enum Engine: String, CaseIterable {
    /// Doubles; the trail ends where it is longer than the image.
    case imagecorruptions
    /// 16-bit quanta, rounded; pixels beyond the edge repeat it.
    case imagemagick
  }

  /// In pixels; the trail has `2 radius + 1` taps.
  let radius: Int
  /// Of the Gaussian, in pixels.
  let sigma: Double
  let engine: Engine

  /// - Parameters:
  ///   - width: of the image, in pixels, as `height`.
  ///   - angle: in degrees, from the right downwards.
  func taps(width: Int, height: Int, angle: Double) -> [LineBlur.Tap] {
    let count = 2 * radius + 1
    let norm = (2 * Double.pi).squareRoot() * sigma
    let weights = (0..<count).map { exp(-Double($0 * $0) / (2 * (sigma * sigma))) / norm }
    let sum = pairwiseSum(weights)
    let radians = angle * (.pi / 180)
    let (down, right) = (Double(count) * sin(radians), Double(count) * cos(radians))
    let length = hypot(down, right)
    var taps: [LineBlur.Tap] = []
    for index in 0..<count {
      let dy = Int((Double(index) * down / length - 0.5).rounded(.up))
      let dx = Int((Double(index) * right / length - 0.5).rounded(.up))
      if engine == .imagecorruptions, abs(dy) >= height || abs(dx) >= width { break }
      taps.append(LineBlur.Tap(dx: dx, dy: dy, weight: weights[index] / sum))
    }
    return taps
  }
}
