public import Imaging
public import TensorCore

/// Random changes of training images that leave their class as it is. Which ones do is the task's
/// to say: a mirrored forest is a forest, a mirrored digit is none.
public struct Augmentation: Sendable, Hashable, Codable {
  /// The largest shift, as a share of the side, in each direction.
  public var shift: Double
  /// The largest relative zoom, in and out: 0.1 draws scales from 1/1.1 to 1.1.
  public var zoom: Double
  /// The largest relative change of contrast, and of brightness as a share of the full range.
  public var tone: Double
  public var flipsHorizontally: Bool
  public var flipsVertically: Bool

  public init(
    shift: Double = 0.06, zoom: Double = 0.1, tone: Double = 0.1,
    flipsHorizontally: Bool = false, flipsVertically: Bool = false
  ) {
    self.shift = shift
    self.zoom = zoom
    self.tone = tone
    self.flipsHorizontally = flipsHorizontally
    self.flipsVertically = flipsVertically
  }

  /// Leaves images alone.
  public static let none = Augmentation(shift: 0, zoom: 0, tone: 0)

  /// A crop of the same size at a random place and scale, the edge repeated outside, perhaps
  /// mirrored, with its tones changed. Bilinear, in 8-bit fixed point.
  public func apply(to image: PixelImage, using random: inout KeyedRandom) -> PixelImage {
    if self == .none { return image }
    // The draws are taken whether they are used or not, so that settings do not shift the others.
    let scaleExponent = random.uniform(in: -1...1)
    let offsetX = random.uniform(in: -1...1) * shift * Double(image.width)
    let offsetY = random.uniform(in: -1...1) * shift * Double(image.height)
    let mirrored = random.uniform() < 0.5 && flipsHorizontally
    let upsideDown = random.uniform() < 0.5 && flipsVertically
    let contrast = 1 + random.uniform(in: -1...1) * tone
    let brightness = random.uniform(in: -1...1) * tone * 255

    let scale = scaleExponent < 0 ? 1 - scaleExponent * zoom : 1 / (1 + scaleExponent * zoom)
    let columns = Taps(image.width, scale: scale, offset: offsetX, reversed: mirrored)
    let rows = Taps(image.height, scale: scale, offset: offsetY, reversed: upsideDown)
    let tones = (0..<256).map { level in
      UInt8(min(255, max(0, (Double(level) - 128) * contrast + 128 + brightness)))
    }
    return Self.resample(image, columns: columns, rows: rows, tones: tones)
  }

  /// For each output coordinate the two input coordinates and the second one's weight in 256ths.
  private struct Taps {
    var first: [Int] = []
    var second: [Int] = []
    var weight: [Int] = []

    init(_ count: Int, scale: Double, offset: Double, reversed: Bool) {
      let center = Double(count) / 2
      for index in 0..<count {
        let distance = (Double(index) + 0.5 - center) * scale
        let place = center + offset + (reversed ? -distance : distance) - 0.5
        let inside = min(Double(count - 1), max(0, place))
        let lower = Int(inside)
        first.append(lower)
        second.append(min(count - 1, lower + 1))
        weight.append(Int((inside - Double(lower)) * 256))
      }
    }
  }

  private static func resample(
    _ image: PixelImage, columns: Taps, rows: Taps, tones: [UInt8]
  ) -> PixelImage {
    let width = image.width
    let height = image.height
    let pixels = [UInt8](capacity: width * height * 3) { output in
      let source = image.pixels.span
      let tone = tones.span
      let lefts = columns.first.span
      let rights = columns.second.span
      let weights = columns.weight.span
      for y in 0..<height {
        let top = rows.first[y] * width * 3
        let bottom = rows.second[y] * width * 3
        let yWeight = rows.weight[y]
        for x in 0..<width {
          let xWeight = weights[x]
          for channel in 0..<3 {
            let left = lefts[x] * 3 + channel
            let right = rights[x] * 3 + channel
            let upper =
              Int(source[top + left]) * (256 - xWeight) + Int(source[top + right]) * xWeight
            let lower =
              Int(source[bottom + left]) * (256 - xWeight) + Int(source[bottom + right]) * xWeight
            output.append(tone[(upper * (256 - yWeight) + lower * yWeight + 32768) >> 16])
          }
        }
      }
    }
    return PixelImage(width: width, height: height, pixels: pixels)
  }
}
