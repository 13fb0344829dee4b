internal import Configuration
internal import Foundation
internal import TensorCore

/// Looks at the image through rippling water, whose caustics bend the light and lighten and darken
/// it.
struct CausticRefraction: CorruptionPrimitive {
  static let name = "caustic_refraction"
  static let summary = "looks at the image through rippling water, a lens of `lens` of its side"

  /// By how much refraction moves pixels, of the image's shorter side.
  let lens: Double
  /// How strongly slopes of the caustics are lit.
  let light: Double
  /// The ratio of the refractive indices.
  let eta: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    lens = try parameters.double("lens", in: 0...10)
    light = try parameters.double("light", in: 0...100)
    eta = try parameters.double("eta", in: 1...100, default: 4)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let side = Double(min(width, height))
    let time = random.uniform(in: 0.5...2)
    let size = random.uniform(in: 0.75...1.25) * side
    var caustics = (0..<width * height).map { pixel in
      Self.caustic(
        x: Double(pixel % width) / size, y: Double(pixel / width) / size, time: time)
    }
    GaussianFilter(sigma: 1, border: .reflect).apply(to: &caustics, width: width, height: height)
    var bytes: [UInt8] = []
    image.modifyValues { values in
      bytes = refracted(values, caustics, width: width, height: height)
    }
    image.modifyPixels { $0 = bytes }
  }

  /// The brightness of a web of light at a point of the unit square, 0...1.
  private static func caustic(x: Double, y: Double, time: Double) -> Double {
    let first = (y - y.rounded(.down)) * 2 * .pi - 250
    let second = (x - x.rounded(.down)) * 2 * .pi - 250
    var (u, v) = (first, second)
    var sum = 1.0
    for turn in 1...5 {
      let t = time * (1 - 3.5 / Double(turn))
      (u, v) = (first + cos(t - u) + sin(t + v), second + sin(t - v) + cos(t + u))
      let lengths = (first / (sin(u + t) / 0.005), second / (cos(v + t) / 0.005))
      sum += 1 / (lengths.0 * lengths.0 + lengths.1 * lengths.1).squareRoot()
    }
    return min(pow(abs(1.17 - pow(sum / 5, 1.4)), 8), 1)
  }

  private func refracted(
    _ values: [Double], _ caustics: [Double], width: Int, height: Int
  ) -> [UInt8] {
    func level(_ x: Int, _ y: Int) -> Double {
      x >= 0 && x < width && y >= 0 && y < height ? caustics[y * width + x] : 0
    }
    let reach = lens * Double(min(width, height))
    return [UInt8](capacity: values.count) { output in
      for y in 0..<height {
        for x in 0..<width {
          let slopeX = level(x + 1, y) - level(x - 1, y)
          let slopeY = level(x, y + 1) - level(x, y - 1)
          let (right, down) = offset(slopeX: slopeX, slopeY: slopeY)
          let glow = (slopeY - slopeX) * light
          let color = Self.sample(
            values, x: Double(x) + reach * right, y: Double(y) + reach * down, width: width,
            height: height)
          for channel in 0..<3 { output.append(truncatedByte((color[channel] + glow) * 255)) }
        }
      }
    }
  }

  /// Where a ray from above goes in the water below a slope, to the right and downwards.
  private func offset(slopeX: Double, slopeY: Double) -> (Double, Double) {
    let square = slopeX * slopeX + slopeY * slopeY
    let cosine = 1 / (square + 1).squareRoot()
    guard cosine < 1 - 1e-3 else { return (0, 0) }
    let sine = (1 - cosine * cosine).squareRoot()
    let bent = sine / eta
    // In the plane of the ray and the slope's normal, whose horizontal part points down the slope.
    let shift = sine * (1 - bent * bent).squareRoot() - cosine * bent
    let steepness = square.squareRoot()
    return (shift * slopeX / steepness, shift * slopeY / steepness)
  }

  /// Bilinear; black beyond the image.
  private static func sample(
    _ values: [Double], x: Double, y: Double, width: Int, height: Int
  ) -> SIMD3<Double> {
    let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    var sum = SIMD3<Double>.zero
    for (column, row) in [(left, top), (left + 1, top), (left, top + 1), (left + 1, top + 1)] {
      guard column >= 0, column < width, row >= 0, row < height else { continue }
      let weight = (1 - abs(x - Double(column))) * (1 - abs(y - Double(row)))
      let first = 3 * (row * width + column)
      sum += weight * SIMD3(values[first], values[first + 1], values[first + 2])
    }
    return sum
  }
}
