internal import Configuration
internal import TensorCore

/// Moves three points around the middle of the image at random and the whole image with them, as
/// OpenCV's `warpAffine` does: bilinear from places rounded to 1/32 pixel, in singles, mirrored at
/// the edges.
struct RandomAffine: CorruptionPrimitive {
  static let name = "random_affine"
  static let summary = "the affine map that moves three points by up to `displacement` pixels"

  /// In pixels, along either axis.
  let displacement: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    displacement = try parameters.double("displacement", in: 0...1000)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let draws = random.uniforms(6)
    image.modifyValues { warp(&$0, width: width, height: height, draws: draws) }
  }

  /// - Parameter draws: six uniform in [0, 1): x and y of the three points' moves.
  func warp(_ values: inout [Double], width: Int, height: Int, draws: [Double]) {
    let map = inverseMap(width: width, height: height, draws: draws)
    let texels = [SIMD4<Float>](capacity: width * height) { output in
      for pixel in 0..<width * height {
        output.append(
          SIMD4(
            Float(values[3 * pixel]), Float(values[3 * pixel + 1]), Float(values[3 * pixel + 2]), 0)
        )
      }
    }
    for y in 0..<height {
      // Places have 10 fractional bits on the way and 5 in the end.
      let rowX = Self.fixed(map.x.across * Double(y) + map.x.offset) + 16
      let rowY = Self.fixed(map.y.across * Double(y) + map.y.offset) + 16
      for x in 0..<width {
        let placeX = (rowX + Self.fixed(map.x.along * Double(x))) >> 5
        let placeY = (rowY + Self.fixed(map.y.along * Double(x))) >> 5
        let (left, top) = (placeX >> 5, placeY >> 5)
        let (fx, fy) = (Float(placeX & 31) / 32, Float(placeY & 31) / 32)
        let columns = (Self.mirrored(left, width), Self.mirrored(left + 1, width))
        let rows = (
          Self.mirrored(top, height) * width, Self.mirrored(top + 1, height) * width
        )
        var sum = texels[rows.0 + columns.0] * ((1 - fy) * (1 - fx))
        sum += texels[rows.0 + columns.1] * ((1 - fy) * fx)
        sum += texels[rows.1 + columns.0] * (fy * (1 - fx))
        sum += texels[rows.1 + columns.1] * (fy * fx)
        let pixel = 3 * (y * width + x)
        values[pixel] = Double(sum.x)
        values[pixel + 1] = Double(sum.y)
        values[pixel + 2] = Double(sum.z)
      }
    }
  }

  /// One coordinate of the source: `along x + across y + offset`.
  private typealias Row = (along: Double, across: Double, offset: Double)

  /// From a pixel of the result to its place in the image.
  private func inverseMap(width: Int, height: Int, draws: [Double]) -> (x: Row, y: Row) {
    let size = Float(min(width, height) / 3)
    // As published: the first side is the height, whatever the points' first coordinate is.
    let (centerX, centerY) = (Float(height / 2), Float(width / 2))
    let points = [
      (centerX + size, centerY + size), (centerX + size, centerY - size),
      (centerX - size, centerY - size),
    ]
    let range = displacement - -displacement
    let moved = points.enumerated().map { index, point in
      (
        point.0 + Float(-displacement + range * draws[2 * index]),
        point.1 + Float(-displacement + range * draws[2 * index + 1])
      )
    }
    guard size > 0 else { return ((1, 0, 0), (0, 1, 0)) }
    // The points are corners of a square: its sides give the columns of the map.
    let side = 2 * Double(size)
    func row(_ value: (Int) -> Float) -> Row {
      let along = (Double(value(1)) - Double(value(2))) / side
      let across = (Double(value(0)) - Double(value(1))) / side
      let offset =
        Double(value(0)) - along * Double(points[0].0) - across * Double(points[0].1)
      return (along, across, offset)
    }
    let (first, second) = (row { moved[$0].0 }, row { moved[$0].1 })
    let determinant = first.along * second.across - first.across * second.along
    let scale = determinant != 0 ? 1 / determinant : 0
    let (a, b) = (second.across * scale, -first.across * scale)
    let (c, d) = (-second.along * scale, first.along * scale)
    return (
      (a, b, -a * first.offset - b * second.offset), (c, d, -c * first.offset - d * second.offset)
    )
  }

  /// With 10 fractional bits, the nearest, ties to even; far beyond any image it stays there.
  private static func fixed(_ value: Double) -> Int {
    Int(min(max(value * 1024, -0x1p30), 0x1p30).rounded(.toNearestOrEven))
  }

  /// The image mirrored without repeating the edge.
  private static func mirrored(_ index: Int, _ count: Int) -> Int {
    if index >= 0 && index < count { return index }
    if count == 1 { return 0 }
    let period = 2 * (count - 1)
    let folded = ((index % period) + period) % period
    return folded < count ? folded : period - folded
  }
}
