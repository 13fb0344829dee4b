internal import Configuration
internal import TensorCore

/// Stickers on the image, one after another until a share of it is covered: flat colours with a
/// white rim, in five shapes.
struct Stickers: CorruptionPrimitive {
  static let name = "stickers"
  static let summary = "covers a share `cover` of the image with stickers"

  /// Of the image's pixels.
  let cover: Double
  /// The radii of the smallest and the largest stickers, as shares of the root of the image's area.
  let sizes: ClosedRange<Double>

  /// As many as cover 0.95 of the image with the usual sizes, and some.
  private static let limit = 512

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    cover = try parameters.double("cover", in: 0...0.95)
    let ends = try parameters.doubles("sizes", in: 0.01...0.5, count: 2, default: [0.05, 0.12])
    guard ends[0] <= ends[1] else {
      throw parameters.invalid(
        "sizes", "the first is above the second", remedy: "give the smaller one first")
    }
    sizes = ends[0]...ends[1]
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let draws = random.uniforms(Sticker.draws * Self.limit)
    let (width, height) = (image.width, image.height)
    image.modifyValues { stick(draws, on: &$0, width: width, height: height) }
  }

  /// - Parameter draws: uniform in [0, 1), seven for each sticker; see `Sticker`.
  func stick(_ draws: [Double], on values: inout [Double], width: Int, height: Int) {
    let goal = Int((cover * Double(width) * Double(height)).rounded())
    var isCovered = [Bool](repeating: false, count: width * height)
    var covered = 0
    var first = 0
    var span = values.mutableSpan
    var mask = isCovered.mutableSpan
    while covered < goal, first + Sticker.draws <= draws.count {
      let sticker = Sticker(draws[first...], sizes: sizes, width: width, height: height)
      first += Sticker.draws
      let reach = Sticker.reach * sticker.radius + 1
      let left = max(0, Int((sticker.x - reach).rounded(.down)))
      let right = min(width, Int((sticker.x + reach).rounded(.up)))
      let top = max(0, Int((sticker.y - reach).rounded(.down)))
      let bottom = min(height, Int((sticker.y + reach).rounded(.up)))
      for y in top..<bottom {
        for x in left..<right {
          let distance = sticker.distance(x: Double(x) + 0.5, y: Double(y) + 0.5)
          let alpha = min(max(0.5 - distance, 0), 1)
          guard alpha > 0 else { continue }
          let inner = min(max(0.5 - distance - sticker.rim, 0), 1)
          let pixel = y * width + x
          for channel in 0..<3 {
            let value = span[3 * pixel + channel]
            let color = 1 + inner * (sticker.color[channel] - 1)
            span[3 * pixel + channel] = value + alpha * (color - value)
          }
          if alpha >= 0.5, !mask[pixel] {
            mask[pixel] = true
            covered += 1
          }
        }
      }
    }
  }
}
