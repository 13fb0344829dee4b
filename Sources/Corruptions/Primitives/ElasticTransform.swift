internal import Configuration
internal import Imaging
internal import TensorCore

/// Moves every pixel by a smooth random field (Simard et al. 2003): two fields of uniform draws,
/// smoothed by a Gaussian and scaled, say where each pixel is taken from.
struct ElasticTransform: CorruptionPrimitive {
  static let name = "elastic_transform"
  static let summary = "moves pixels by smoothed uniform draws"

  /// What `amplitude` and `sigma` are given in.
  enum Unit: String, CaseIterable {
    case pixels
    /// Shares of the image: `sigma` of each side for its own axis, `amplitude` of the height.
    case sides
  }

  /// By which the smoothed fields are multiplied.
  let alpha: Double
  /// Of the smoothing; 0 for none.
  let sigma: Double
  /// Draws are uniform in `-amplitude...amplitude`.
  let amplitude: Double
  let unit: Unit

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    alpha = try parameters.double("alpha", in: 0...10000)
    sigma = try parameters.double("sigma", in: 0...1000)
    amplitude = try parameters.double("amplitude", in: 0...100, default: 1)
    unit = try parameters.choice("unit", of: Unit.self, default: .pixels)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let right = shifts(random.uniforms(width * height), width: width, height: height)
    let down = shifts(random.uniforms(width * height), width: width, height: height)
    var bytes: [UInt8] = []
    image.modifyValues { values in
      bytes = Self.warped(values, width: width, height: height, right: right, down: down)
    }
    image.pixels = PixelImage(width: width, height: height, pixels: bytes)
  }

  /// How far each pixel is taken from, in pixels, as the single that the published code keeps.
  ///
  /// - Parameter draws: uniform in [0, 1), one for each pixel.
  func shifts(_ draws: [Double], width: Int, height: Int) -> [Float] {
    let bound = unit == .sides ? Double(height) * amplitude : amplitude
    let range = bound - -bound
    var field = draws.map { -bound + range * $0 }
    if sigma > 0 {
      let scales = unit == .sides ? (Double(height), Double(width)) : (1, 1)
      let vertical = GaussianFilter(sigma: sigma * scales.0, truncation: 3, border: .reflect)
      let horizontal =
        width == height || unit == .pixels
        ? vertical : GaussianFilter(sigma: sigma * scales.1, truncation: 3, border: .reflect)
      vertical.apply(to: &field, width: width, height: height, horizontal: horizontal)
    }
    return field.map { Float($0 * alpha) }
  }

  /// Bilinear samples of the image, which is mirrored at its edges, in doubles of singles, as
  /// `scipy.ndimage.map_coordinates(order=1, mode="reflect")` takes them.
  private static func warped(
    _ values: [Double], width: Int, height: Int, right: [Float], down: [Float]
  ) -> [UInt8] {
    let texels = [SIMD4<Double>](capacity: width * height) { output in
      for pixel in 0..<width * height {
        output.append(
          SIMD4(
            Double(Float(values[3 * pixel])), Double(Float(values[3 * pixel + 1])),
            Double(Float(values[3 * pixel + 2])), 0))
      }
    }
    return [UInt8](capacity: 3 * width * height) { output in
      let (texels, right, down) = (texels.span, right.span, down.span)
      for y in 0..<height {
        for x in 0..<width {
          let pixel = y * width + x
          let row = Place(Double(y) + Double(down[pixel]), length: height)
          let column = Place(Double(x) + Double(right[pixel]), length: width)
          let (upper, lower) = (row.first * width, row.second * width)
          // Both places lie inside the image.
          var sum = unsafe texels[unchecked: upper + column.first] * row.weight * column.weight
          unsafe sum += texels[unchecked: upper + column.second] * row.weight * column.rest
          unsafe sum += texels[unchecked: lower + column.first] * row.rest * column.weight
          unsafe sum += texels[unchecked: lower + column.second] * row.rest * column.rest
          output.append(Self.byte(sum.x))
          output.append(Self.byte(sum.y))
          output.append(Self.byte(sum.z))
        }
      }
    }
  }

  @inline(__always)
  private static func byte(_ value: Double) -> UInt8 {
    truncatedByte(Double(Float(value) * 255))
  }

  /// Two neighbours on one axis and their weights.
  private struct Place {
    let first, second: Int
    let weight, rest: Double

    @inline(__always)
    init(_ position: Double, length: Int) {
      var position = position
      if position < 0 || position > Double(length - 1) {
        position = Self.reflected(position, length: length)
      }
      // The floor, without a call where the processor has no instruction for it.
      var index = Int(position)
      if Double(index) > position { index -= 1 }
      weight = 1 - (position - Double(index))
      rest = 1 - weight
      // The mirror repeats the edge's sample.
      first = max(index, 0)
      second = min(index + 1, length - 1)
    }

    /// The position above -1 that shows the same, as SciPy maps it.
    private static func reflected(_ position: Double, length: Int) -> Double {
      guard length > 1 else { return 0 }
      let (side, period) = (Double(length), Double(2 * length))
      var position = position
      if position < 0 {
        if position < -period { position += period * (-position / period).rounded(.towardZero) }
        return position < -side ? position + period : -position - 1
      }
      position -= period * (position / period).rounded(.towardZero)
      return position >= side ? period - position - 1 : position
    }
  }
}
