internal import Configuration
internal import TensorCore

/// Blurs along a line of random direction with one half of a Gaussian, as a camera that starts to
/// move: the image leaves a fading trail to one side.
struct MotionBlur: CorruptionPrimitive {
  static let name = "motion_blur"
  static let summary = "blurs along a random direction with half a Gaussian"

  /// In pixels; the trail has `2 radius + 1` taps.
  let radius: Int
  /// Of the Gaussian, in pixels.
  let sigma: Double
  /// The direction is uniform between these, in degrees.
  let angles: ClosedRange<Double>
  let engine: MotionTrail.Engine

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    radius = try parameters.int("radius", in: 1...1000)
    sigma = try parameters.double("sigma", in: 1e-3...1000)
    engine = try parameters.choice(
      "engine", of: MotionTrail.Engine.self, default: .imagecorruptions)
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
    let trail = MotionTrail(radius: radius, sigma: sigma, engine: engine)
    let blur = LineBlur(
      trail.taps(width: width, height: height, angle: angle), width: width, height: height)
    blur.apply(to: &samples, engine: engine)
  }
}
