internal import Foundation
internal import TensorCore

/// A scalar for each pixel: noise, masks, heights.
struct Field {
  let width: Int
  let height: Int
  var values: [Float]

  init(width: Int = SuiteRenderer.side, height: Int = SuiteRenderer.side) {
    self.width = width
    self.height = height
    values = [Float](repeating: 0, count: width * height)
  }

  /// Fractal value noise, about -1...1 with a standard deviation near 0.35.
  ///
  /// - Parameters:
  ///   - cell: the extent in pixels of the largest blobs, across and down.
  ///   - octaves: how often finer noise, at half the extent, is added.
  ///   - gain: the amplitude of each octave relative to the one before.
  static func noise(
    cell: Point, octaves: Int, gain: Float = 0.5, width: Int = SuiteRenderer.side,
    height: Int = SuiteRenderer.side, using random: inout KeyedRandom
  ) -> Field {
    var field = Field(width: width, height: height)
    var amplitude: Float = 1
    var total: Float = 0
    var extent = cell
    for _ in 0..<octaves {
      field.addOctave(cell: extent, amplitude: amplitude, using: &random)
      total += amplitude * amplitude
      amplitude *= gain
      extent = pointwiseMax(extent * 0.5, Point(1, 1))
    }
    let scale = 0.8 / total.squareRoot()
    for index in field.values.indices { field.values[index] *= scale }
    return field
  }

  static func noise(
    _ cell: Float, octaves: Int = 3, gain: Float = 0.5, using random: inout KeyedRandom
  ) -> Field {
    noise(cell: Point(cell, cell), octaves: octaves, gain: gain, using: &random)
  }

  private mutating func addOctave(
    cell: Point, amplitude: Float, using random: inout KeyedRandom
  ) {
    let phase = Point(random.float(0...1), random.float(0...1))
    var bits = FastBits(&random)
    let columns = Int(Float(width) / cell.x) + 3
    var left = [Int](repeating: 0, count: width)
    var weight = [Float](repeating: 0, count: width)
    for x in 0..<width {
      let position = Float(x) / cell.x + phase.x
      let floor = position.rounded(.down)
      left[x] = Int(floor)
      weight[x] = Self.smooth(position - floor)
    }
    var lattice = [Float](repeating: 0, count: columns)
    func nextRow(_ row: inout [Float]) {
      for column in 0..<columns { lattice[column] = bits.signed() * amplitude }
      for x in 0..<width {
        let start = lattice[left[x]]
        row[x] = start + (lattice[left[x] + 1] - start) * weight[x]
      }
    }
    var above = [Float](repeating: 0, count: width)
    var below = above
    nextRow(&above)
    nextRow(&below)
    var current = 0
    for y in 0..<height {
      let position = Float(y) / cell.y + phase.y
      let floor = Int(position)
      while current < floor {
        swap(&above, &below)
        nextRow(&below)
        current += 1
      }
      let amount = Self.smooth(position - Float(floor))
      let base = y * width
      for x in 0..<width { values[base + x] += above[x] + (below[x] - above[x]) * amount }
    }
  }

  @inline(__always)
  static func smooth(_ t: Float) -> Float { t * t * (3 - 2 * t) }

  /// The value at a continuous position, bilinear, the border repeated.
  @inline(__always)
  func sample(_ x: Float, _ y: Float) -> Float {
    let clampedX = min(max(x, 0), Float(width - 1))
    let clampedY = min(max(y, 0), Float(height - 1))
    let left = min(Int(clampedX), width - 2)
    let top = min(Int(clampedY), height - 2)
    let across = clampedX - Float(left)
    let down = clampedY - Float(top)
    let index = top * width + left
    let upper = values[index] + (values[index + 1] - values[index]) * across
    let lower =
      values[index + width] + (values[index + width + 1] - values[index + width]) * across
    return upper + (lower - upper) * down
  }

  /// Gaussian blur, the border repeated.
  mutating func blur(_ sigma: Float) {
    guard sigma > 0.2 else { return }
    let taps = gaussianTaps(sigma)
    let radius = taps.count - 1
    var line = [Float](repeating: 0, count: max(width, height) + 2 * radius)
    func convolve(_ base: Int, _ step: Int, _ count: Int) {
      for index in 0..<count + 2 * radius {
        line[index] = values[base + min(max(index - radius, 0), count - 1) * step]
      }
      for index in 0..<count {
        var sum = line[index + radius] * taps[0]
        for tap in 1...radius {
          sum += (line[index + radius - tap] + line[index + radius + tap]) * taps[tap]
        }
        values[base + index * step] = sum
      }
    }
    for y in 0..<height { convolve(y * width, 1, width) }
    for x in 0..<width { convolve(x, width, height) }
  }
}

/// Half of a normalised Gaussian kernel: the centre first.
func gaussianTaps(_ sigma: Float) -> [Float] {
  let radius = max(1, Int((sigma * 2.5).rounded(.up)))
  var taps = (0...radius).map { exp(-Float($0 * $0) / (2 * sigma * sigma)) }
  let sum = taps[0] + 2 * taps.dropFirst().reduce(0, +)
  for index in taps.indices { taps[index] /= sum }
  return taps
}
