internal import Configuration
internal import TensorCore

/// A mosaic of little pictures: every tile is a shrunken square of the image itself, shifted to the
/// mean colour of what it stands for, with as much contrast as that colour leaves. LAION-C's mosaic
/// (Li et al. 2025) takes its pictures from other images, the nearest in colour for each tile.
struct Mosaic: CorruptionPrimitive {
  static let name = "mosaic"
  static let summary = "puts the image together from tiles, each a little picture of its colour"

  /// Along the shorter side; a tile has at least 2 x 2 pixels, as far as the image has them.
  let tiles: Double
  /// How many different little pictures there are.
  let pictures: Int

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    tiles = try parameters.double("tiles", in: 1...10_000)
    pictures = try parameters.int("pictures", in: 1...256, default: 16)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let side = side(width: width, height: height)
    let columns = (width + side - 1) / side
    let rows = (height + side - 1) / side
    let squares = random.uniforms(4 * pictures)
    let choices = random.uniforms(columns * rows)
    image.modifyPixels { samples in
      let tiles = (0..<pictures).map { index in
        Tile(of: samples, width: width, height: height, side: side, draws: squares[(4 * index)...])
      }
      lay(tiles, on: &samples, width: width, height: height, choices: choices)
    }
  }

  /// Of a tile, in pixels.
  func side(width: Int, height: Int) -> Int {
    let shorter = min(width, height)
    return min(shorter, max(2, Int((Double(shorter) / tiles).rounded())))
  }

  /// - Parameter choices: uniform in [0, 1), one for each place, row by row: which tile it gets.
  private func lay(
    _ tiles: [Tile], on samples: inout [UInt8], width: Int, height: Int, choices: [Double]
  ) {
    let side = tiles[0].side
    var span = samples.mutableSpan
    var place = 0
    for top in stride(from: 0, to: height, by: side) {
      for left in stride(from: 0, to: width, by: side) {
        let tile = tiles[Int(choices[place] * Double(tiles.count))]
        place += 1
        let differences = tile.differences.span
        let (right, bottom) = (min(left + side, width), min(top + side, height))
        for channel in 0..<3 {
          var sum = 0
          for y in top..<bottom {
            for x in left..<right { sum += Int(span[3 * (y * width + x) + channel]) }
          }
          let mean = sum / ((bottom - top) * (right - left))
          let contrast = tile.contrast(mean: mean, channel: channel)
          for y in top..<bottom {
            for x in left..<right {
              let difference = Int(differences[3 * ((y - top) * side + x - left) + channel])
              let value = mean + (difference * contrast) >> 8
              span[3 * (y * width + x) + channel] = UInt8(value)
            }
          }
        }
      }
    }
  }
}

extension Mosaic {
  /// A little picture, as differences from its mean colour.
  fileprivate struct Tile {
    let side: Int
    /// RGB interleaved, `3 * side * side`.
    let differences: [Int16]
    /// The smallest and the largest difference of each channel.
    private let ranges: [ClosedRange<Int>]

    /// Shrinks a square of the image by means over boxes, cut off to whole levels.
    ///
    /// - Parameter draws: uniform in [0, 1): size (0.3 to 0.8 of the shorter side), left, top,
    ///   and whether it is mirrored.
    init(of samples: [UInt8], width: Int, height: Int, side: Int, draws: ArraySlice<Double>) {
      let first = draws.startIndex
      let shorter = min(width, height)
      let size = max(side, Int(Double(shorter) * (0.3 + 0.5 * draws[first])))
      let left = Int(draws[first + 1] * Double(width - size + 1))
      let top = Int(draws[first + 2] * Double(height - size + 1))
      let isMirrored = draws[first + 3] < 0.5
      var levels = [Int](repeating: 0, count: 3 * side * side)
      var sums = (0, 0, 0)
      let source = samples.span
      for y in 0..<side {
        let rows = top + y * size / side..<top + (y + 1) * size / side
        for x in 0..<side {
          let columns = left + x * size / side..<left + (x + 1) * size / side
          var (red, green, blue) = (0, 0, 0)
          for row in rows {
            for column in columns {
              let index = 3 * (row * width + column)
              red += Int(source[index])
              green += Int(source[index + 1])
              blue += Int(source[index + 2])
            }
          }
          let count = rows.count * columns.count
          let target = 3 * (y * side + (isMirrored ? side - 1 - x : x))
          levels[target] = red / count
          levels[target + 1] = green / count
          levels[target + 2] = blue / count
          sums.0 += levels[target]
          sums.1 += levels[target + 1]
          sums.2 += levels[target + 2]
        }
      }
      let count = side * side
      let means = [sums.0 / count, sums.1 / count, sums.2 / count]
      self.side = side
      differences = levels.indices.map { Int16(levels[$0] - means[$0 % 3]) }
      ranges = (0..<3).map { channel in
        let values = stride(from: channel, to: levels.count, by: 3).map { levels[$0] }
        return values.min()! - means[channel]...values.max()! - means[channel]
      }
    }

    /// The factor of the differences, in 256ths, by which none goes beyond 0...255 from `mean`: a
    /// picture that is almost white on average has little contrast.
    func contrast(mean: Int, channel: Int) -> Int {
      let range = ranges[channel]
      var factor = 256
      if range.upperBound > 0 { factor = min(factor, 256 * (255 - mean) / range.upperBound) }
      if range.lowerBound < 0 { factor = min(factor, 256 * mean / -range.lowerBound) }
      return factor
    }
  }
}
