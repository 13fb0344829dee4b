internal import Configuration
internal import TensorCore

/// Falling flakes: magnified normal noise above a threshold, blurred along a steep direction, over
/// a paler image.
struct Snow: CorruptionPrimitive {
  static let name = "snow"
  static let summary = "flakes of magnified, blurred noise over a paler image"

  /// Mean and standard deviation of the noise.
  let loc, scale: Double
  /// How far the noise is magnified.
  let zoom: Double
  /// Noise below this is no flake.
  let threshold: Double
  /// Of the blur, in pixels; see `MotionBlur`.
  let radius: Int
  let sigma: Double
  /// The share of the image that stays as it is; the rest turns pale.
  let mix: Double
  let engine: MotionTrail.Engine

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    loc = try parameters.double("loc", in: 0...1)
    scale = try parameters.double("scale", in: 0...10)
    zoom = try parameters.double("zoom", in: 1...100)
    threshold = try parameters.double("threshold", in: 0...1)
    radius = try parameters.int("radius", in: 1...63)
    sigma = try parameters.double("sigma", in: 1e-3...1000)
    mix = try parameters.double("mix", in: 0...1)
    engine = try parameters.choice(
      "engine", of: MotionTrail.Engine.self, default: .imagecorruptions)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let noise = random.normals(width * height)
    let angle = random.uniform(in: -135...(-45))
    let flakes = flakes(noise: noise, angle: angle, width: width, height: height)
    image.modifyPixels { cover(&$0, with: flakes) }
  }

  /// The light of the flakes, 0...1, `[height, width]`.
  ///
  /// - Parameters:
  ///   - noise: standard normal, one for each pixel.
  ///   - angle: of the blur, in degrees.
  func flakes(noise: [Double], angle: Double, width: Int, height: Int) -> [Double] {
    let noise = noise.map { loc + scale * $0 }
    var layer = LinearZoom(factor: zoom).magnified(noise, width: width, height: height)
    for index in layer.plane.indices {
      let value = layer.plane[index]
      layer.plane[index] = value < threshold ? 0 : min(max(value, 0), 1)
    }
    let trail = MotionTrail(radius: radius, sigma: sigma, engine: engine)
    switch engine {
    case .imagecorruptions:
      // The package blurs what lies beyond the image, too, and rounds after the blur.
      let taps = trail.taps(width: layer.width, height: layer.height, angle: angle)
      let blur = LineBlur(taps, width: layer.width, height: layer.height)
      return blur.sums(of: layer.plane, columns: width, rows: height).map {
        // Adding 3 * 2^51 rounds to the nearest integer, ties to even.
        (($0 * 255 + 0x1.8p52) - 0x1.8p52) / 255
      }
    case .imagemagick:
      let bytes = Self.middle(of: layer, width: width, height: height).map {
        Double(Int32($0 * 255))
      }
      let taps = trail.taps(width: width, height: height, angle: angle)
      let blur = LineBlur(taps, width: width, height: height)
      return blur.sums(of: bytes, columns: width, rows: height).map { sum in
        Double(Int32(sum * 257 + 0.5) / 257) / 255
      }
    }
  }

  private static func middle(
    of layer: (plane: [Double], width: Int, height: Int), width: Int, height: Int
  ) -> [Double] {
    let (left, top) = ((layer.width - width) / 2, (layer.height - height) / 2)
    if (layer.width, layer.height) == (width, height) { return layer.plane }
    return [Double](capacity: width * height) { output in
      for y in top..<top + height {
        for x in left..<left + width { output.append(layer.plane[y * layer.width + x]) }
      }
    }
  }

  /// Pales the image in singles and adds the flakes twice, as they are and turned by 180 degrees.
  private func cover(_ samples: inout [UInt8], with flakes: [Double]) {
    let levels = (0..<256).map { Float($0) / 255 }
    let (kept, paled) = (Float(mix), Float(1 - mix))
    let (flakes, table) = (flakes.span, levels.span)
    var bytes = samples.mutableSpan
    for pixel in 0..<flakes.count {
      let red = table[Int(bytes[3 * pixel])]
      let green = table[Int(bytes[3 * pixel + 1])]
      let blue = table[Int(bytes[3 * pixel + 2])]
      let gray = Self.fused(Self.fused(red * 0.299, green, 0.587), blue, 0.114)
      let pale = gray * 1.5 + 0.5
      let flake = flakes[pixel]
      let turned = flakes[flakes.count - 1 - pixel]
      bytes[3 * pixel] = Self.byte(kept * red + paled * max(red, pale), flake, turned)
      bytes[3 * pixel + 1] = Self.byte(kept * green + paled * max(green, pale), flake, turned)
      bytes[3 * pixel + 2] = Self.byte(kept * blue + paled * max(blue, pale), flake, turned)
    }
  }

  /// `sum + value * weight` rounded once, as OpenCV's grey has it. For levels of 8 bits doubles give
  /// the same singles, and need no call where the processor has no such instruction.
  @inline(__always)
  private static func fused(_ sum: Float, _ value: Float, _ weight: Float) -> Float {
    Float(Double(sum) + Double(value) * Double(weight))
  }

  @inline(__always)
  private static func byte(_ value: Float, _ flake: Double, _ turned: Double) -> UInt8 {
    truncatedByte((Double(value) + flake + turned) * 255)
  }
}
