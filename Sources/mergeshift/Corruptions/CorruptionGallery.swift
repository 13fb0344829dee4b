import Corruptions
import Imaging
import TensorCore

/// A picture of corruptions at their five severities, one row for each, with labels.
struct CorruptionGallery: Sendable {
  let corruptions: [Corruption]
  let image: PixelImage
  let seed: UInt64

  /// About how large the longer side of an image is shown.
  private static let cell = 144
  private static let gap = 6
  private static let margin = 16
  /// Pixels to a dot of the font.
  private static let dot = 2
  /// The grey of the letters.
  private static let ink: UInt8 = 40

  func picture() throws(CorruptionError) -> PixelImage {
    let rows = try Parallel.map(corruptions.count) { index throws(CorruptionError) in
      try row(of: corruptions[index])
    }
    let (width, height) = Self.shown(image)
    let labels = corruptions.map { BitmapFont.width(of: $0.name) }.max() ?? 0
    let left = Self.margin + labels * Self.dot + 12
    let header = Self.margin + BitmapFont.height * Self.dot + 10
    let columns = Corruption.severityRange.count + 1
    var canvas = Canvas(
      width: left + columns * (width + Self.gap) - Self.gap + Self.margin,
      height: header + rows.count * (height + Self.gap) - Self.gap + Self.margin)
    for column in 0..<columns {
      let label = column == 0 ? "clean" : "severity \(column)"
      let space = width - BitmapFont.width(of: label) * Self.dot
      let x = left + column * (width + Self.gap) + space / 2
      canvas.draw(label, x: x, y: Self.margin, dot: Self.dot, ink: Self.ink)
    }
    for (index, row) in rows.enumerated() {
      let y = header + index * (height + Self.gap)
      let name = corruptions[index].name
      let x = left - 12 - BitmapFont.width(of: name) * Self.dot
      canvas.draw(
        name, x: x, y: y + (height - BitmapFont.height * Self.dot) / 2, dot: Self.dot,
        ink: Self.ink)
      for (column, image) in row.enumerated() {
        canvas.draw(image, x: left + column * (width + Self.gap), y: y)
      }
    }
    return canvas.image
  }

  /// The image and its corruptions at its own size, then fitted to the cells.
  private func row(of corruption: Corruption) throws(CorruptionError) -> [PixelImage] {
    var row = [image]
    for severity in Corruption.severityRange {
      var random = corruption.random(seed: seed, severity: severity, sample: "gallery")
      row.append(try corruption.apply(to: image, severity: severity, random: &random))
    }
    let (width, height) = Self.shown(image)
    return row.map { $0.fitted(width: width, height: height) }
  }

  /// Small images are magnified by a whole number, large ones reduced.
  private static func shown(_ image: PixelImage) -> (width: Int, height: Int) {
    let side = max(image.width, image.height)
    if side <= cell { return (image.width * (cell / side), image.height * (cell / side)) }
    return (max(1, image.width * cell / side), max(1, image.height * cell / side))
  }
}

extension PixelImage {
  fileprivate func fitted(width: Int, height: Int) -> PixelImage {
    if (width, height) == (self.width, self.height) { return self }
    return resized(width: width, height: height, filter: width > self.width ? .nearest : .lanczos)
  }
}

/// A white sheet to draw on.
private struct Canvas {
  let width: Int
  let height: Int
  private var samples: [UInt8]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    samples = [UInt8](repeating: 255, count: 3 * width * height)
  }

  var image: PixelImage { PixelImage(width: width, height: height, pixels: samples) }

  mutating func draw(_ image: PixelImage, x: Int, y: Int) {
    let length = 3 * image.width
    for row in 0..<image.height {
      let target = 3 * ((y + row) * width + x)
      samples.replaceSubrange(
        target..<target + length, with: image.pixels[row * length..<(row + 1) * length])
    }
  }

  /// Draws `text` with its upper left corner at (`x`, `y`), `dot` pixels to a dot.
  mutating func draw(_ text: String, x: Int, y: Int, dot: Int, ink: UInt8) {
    for (index, character) in text.lowercased().enumerated() {
      for (column, bits) in BitmapFont.columns(of: character).enumerated() {
        for row in 0..<BitmapFont.height where bits >> UInt8(row) & 1 == 1 {
          let left = x + (index * BitmapFont.advance + column) * dot
          for place in 0..<dot * dot {
            let pixel = (y + row * dot + place / dot) * width + left + place % dot
            for sample in 3 * pixel..<3 * pixel + 3 { samples[sample] = ink }
          }
        }
      }
    }
  }
}
