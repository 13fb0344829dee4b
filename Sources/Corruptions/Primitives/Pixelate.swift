internal import Configuration
internal import Imaging

/// Shrinks the image by boxes and enlarges it again.
struct Pixelate: CorruptionPrimitive {
  static let name = "pixelate"
  static let summary = "shrinks the image to `scale` of its size and enlarges it again"

  enum Enlargement: String, CaseIterable {
    case box, nearest
    var filter: ResampleFilter { self == .box ? .box : .nearest }
  }

  /// Of the size of the image.
  let scale: Double
  let enlargement: Enlargement
  /// A quirk of published code: the image is shrunk to `scale` of a square of this many pixels,
  /// whatever its own size, and enlarged to that square; 0 for none.
  let square: Int

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    scale = try parameters.double("scale", in: 1e-3...1)
    enlargement = try parameters.choice("enlarge", of: Enlargement.self, default: .nearest)
    square = try parameters.int("square", in: 0...4096, default: 0)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = square > 0 ? (square, square) : (image.width, image.height)
    image.pixels = image.pixels
      .resized(width: side(width), height: side(height), filter: .box)
      .resized(width: width, height: height, filter: enlargement.filter)
  }

  /// At least one pixel.
  private func side(_ length: Int) -> Int { max(1, Int(Double(length) * scale)) }
}
