internal import Configuration
internal import Foundation
internal import TensorCore

/// Blurs along a line of random direction with one half of a Gaussian, as a camera that starts to
/// move: the image leaves a fading trail to one side.
struct MotionBlur: CorruptionPrimitive {
  static let name = "motion_blur"
  static let summary = "blurs along a random direction with half a Gaussian"

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
  /// The direction is uniform between these, in degrees.
  let angles: ClosedRange<Double>
  let engine: Engine

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    radius = try parameters.int("radius", in: 1...1000)
    sigma = try parameters.double("sigma", in: 1e-3...1000)
    engine = try parameters.choice("engine", of: Engine.self, default: .imagecorruptions)
    let ends = try parameters.doubles("angles", in: -360...360, count: 2, default: [-45, 45])
    guard ends[0] <= ends[1] else {
      throw parameters.invalid(
        "angles", "the first is above the second", remedy: "give the smaller one first")
    }
    angles = ends[0]...ends[1]
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let angle = random.uniform(in: angles)
    let (width, height) = (image.width, image.height)
    image.modifyPixels { blur(&$0, width: width, height: height, angle: angle) }
  }

  /// - Parameter angle: in degrees, from the right downwards.
  func blur(_ samples: inout [UInt8], width: Int, height: Int, angle: Double) {
    let taps = trail(width: width, height: height, angle: angle)
    let blur = LineBlur(taps, width: width, height: height)
    switch engine {
    case .imagecorruptions:
      blur.apply(to: &samples) { truncatedBytes($0) }
    case .imagemagick:
      blur.apply(to: &samples) { sums in
        let quanta = (sums * 257 + 0.5).rounded(.down)
        return truncatedBytes((quanta / 257).rounded(.down))
      }
    }
  }

  private func trail(width: Int, height: Int, angle: Double) -> [LineBlur.Tap] {
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
