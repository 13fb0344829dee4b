internal import Configuration
internal import Foundation
internal import TensorCore

/// Falling rain: bright streaks that are longer, wider and stronger the nearer they are, all in
/// about the same slant, before a slight veil.
struct Rain: CorruptionPrimitive {
  static let name = "rain"
  static let summary = "lets slanting streaks fall before a slight veil"

  /// The share of the image that streaks would cover side by side.
  let density: Double
  /// Of the nearest streaks, as a share of the height; the farthest are a third of it.
  let length: Double
  /// Of the nearest streaks; the farthest have two thirds of it.
  let opacity: Double
  /// How far everything is drawn to a light grey.
  let veil: Double
  /// The largest angle from the vertical, in degrees.
  let slant: Double

  private static let veilColor = 0.7
  /// A bluish white.
  private static let streakColor = [0.87, 0.9, 0.93]
  /// The draws of one streak.
  private static let draws = 4

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    density = try parameters.double("density", in: 0...4)
    length = try parameters.double("length", in: 0.001...1)
    opacity = try parameters.double("opacity", in: 0...1)
    veil = try parameters.double("veil", in: 0...1)
    slant = try parameters.double("slant", in: 0...45, default: 18)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let slant = random.uniform()
    let count = streakCount(width: width, height: height)
    let streaks = random.uniforms(Self.draws * count)
    let layer = layer(width: width, height: height, slant: slant, streaks: streaks)
    image.modifyValues { blend(layer, into: &$0) }
  }

  /// The width of the nearest streaks, in pixels: about 1.6 in an image of 224 x 224.
  private static func thickness(width: Int, height: Int) -> Double {
    max(1, (Double(width) * Double(height)).squareRoot() / 140)
  }

  private func streakCount(width: Int, height: Int) -> Int {
    let thickness = Self.thickness(width: width, height: height)
    // The mean of length times width over the depths.
    let area = max(1, length * Double(height)) * thickness / 3
    return Int((density * Double(width) * Double(height) / area).rounded(.up))
  }

  /// How much of each pixel is streak, 0...1.
  ///
  /// - Parameters:
  ///   - slant: uniform in [0, 1): from the largest angle on one side to that on the other.
  ///   - streaks: uniform in [0, 1), four for each streak: place across, place down, depth, and
  ///     its deviation from the common slant.
  func layer(width: Int, height: Int, slant draw: Double, streaks: [Double]) -> [Double] {
    var layer = [Double](repeating: 0, count: width * height)
    var span = layer.mutableSpan
    let common = tan((2 * draw - 1) * slant * .pi / 180)
    let longest = max(1, length * Double(height))
    let thickness = Self.thickness(width: width, height: height)
    for first in stride(from: 0, to: streaks.count, by: Self.draws) {
      let near = 1 / (1 + 2 * streaks[first + 2])
      let slope = common + 0.08 * (streaks[first + 3] - 0.5)
      let length = max(1, longest * near)
      let half = 0.5 * thickness * near
      let top = streaks[first + 1] * (Double(height) + length) - length
      // Room on both sides, so that the corners get as much as the middle.
      let drift = abs(slope) * length
      let start = streaks[first] * (Double(width) + 2 * drift) - drift
      let strength = opacity * (0.5 + 0.5 * near)
      for y in max(
        0, Int(top.rounded(.down)))..<min(height, max(0, Int((top + length).rounded(.up))))
      {
        let along = (Double(y) + 0.5 - top) / length
        guard along > 0, along < 1 else { continue }
        // Strongest in the middle.
        let alpha = strength * 4 * along * (1 - along)
        let center = start + slope * (along * length)
        let left = max(0, Int((center - half - 1).rounded(.down)))
        let right = min(width, max(0, Int((center + half + 1).rounded(.up))))
        guard left < right else { continue }
        for x in left..<right {
          let distance = abs(Double(x) + 0.5 - center)
          let covered = min(max(half + 0.5 - distance, 0), min(1, 2 * half))
          let index = y * width + x
          span[index] += (1 - span[index]) * (alpha * covered)
        }
      }
    }
    return layer
  }

  /// - Parameter layer: how much of each pixel is streak, 0...1.
  func blend(_ layer: [Double], into values: inout [Double]) {
    let (red, green, blue) = (Self.streakColor[0], Self.streakColor[1], Self.streakColor[2])
    var span = values.mutableSpan
    let cover = layer.span
    for pixel in cover.indices {
      let (index, alpha) = (3 * pixel, cover[pixel])
      let first = span[index] + veil * (Self.veilColor - span[index])
      let second = span[index + 1] + veil * (Self.veilColor - span[index + 1])
      let third = span[index + 2] + veil * (Self.veilColor - span[index + 2])
      span[index] = first + alpha * (red - first)
      span[index + 1] = second + alpha * (green - second)
      span[index + 2] = third + alpha * (blue - third)
    }
  }
}
