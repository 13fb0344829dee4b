internal import Configuration
internal import Imaging
internal import TensorCore

/// A pane of frost in front of the image: a random part of one of five pictures is added to it.
struct Frost: CorruptionPrimitive {
  static let name = "frost"
  static let summary = "adds a random part of one of five pictures of frost"

  /// How large the picture is.
  enum Fit: String, CaseIterable {
    /// `scale` times the smallest size, from its own up, that covers the image; bicubic.
    case cover
    /// `scale` times its own size, bilinear; where that doesn't cover the image, as `cover` by a
    /// tenth more than needed.
    case own
  }

  /// The weights of the image and of the frost.
  let image, frost: Double
  let scale: Double
  let fit: Fit
  var art = FrostArt.painted

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    image = try parameters.double("image", in: 0...1)
    frost = try parameters.double("frost", in: 0...1)
    fit = try parameters.choice("fit", of: Fit.self, default: .cover)
    scale = try parameters.double("scale", in: 0.01...10, default: 1.1)
    guard fit == .own || scale >= 1.01 else {
      throw parameters.invalid(
        "scale", "leaves no room to choose a part", remedy: "give 1.01 or more, or `fit: own`")
    }
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let picture = art.picture(random.integer(in: 0..<FrostArt.count))
    let resize = size(of: picture, width: width, height: height)
    let top = random.integer(in: 0..<resize.height - height)
    let left = random.integer(in: 0..<resize.width - width)
    let pane = Self.pane(
      of: picture, resize, columns: left..<left + width, rows: top..<top + height)
    image.modifyPixels { blend(pane.pixels, into: &$0) }
  }

  private static func pane(
    of picture: PixelImage, _ resize: OpenCVResize, columns: Range<Int>, rows: Range<Int>
  ) -> PixelImage {
    if (resize.width, resize.height) == (picture.width, picture.height) {
      return picture.cropped(
        x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
    }
    return resize.part(of: picture, columns: columns, rows: rows)
  }

  private func size(of picture: PixelImage, width: Int, height: Int) -> OpenCVResize {
    let needed = max(
      Double(height) / Double(picture.height), Double(width) / Double(picture.width))
    if fit == .own {
      let size = (
        Int((Double(picture.width) * scale).rounded(.toNearestOrEven)),
        Int((Double(picture.height) * scale).rounded(.toNearestOrEven))
      )
      if size.0 > width && size.1 > height {
        return OpenCVResize(
          kernel: .linear, width: size.0, height: size.1, step: (1 / scale, 1 / scale))
      }
    }
    let factor = fit == .own ? needed * 1.1 : max(1, needed) * scale
    let size = (
      Int((Double(picture.width) * factor).rounded(.up)),
      Int((Double(picture.height) * factor).rounded(.up))
    )
    // As OpenCV inverts the ratio of the sizes.
    return OpenCVResize(
      kernel: .cubic, width: size.0, height: size.1,
      step: (
        1 / (Double(size.0) / Double(picture.width)), 1 / (Double(size.1) / Double(picture.height))
      ))
  }

  /// - Parameter pane: as many samples as the image has.
  func blend(_ pane: [UInt8], into samples: inout [UInt8]) {
    let image = (0..<256).map { self.image * Double($0) }
    let frost = (0..<256).map { self.frost * Double($0) }
    let (seen, added, pane) = (image.span, frost.span, pane.span)
    var samples = samples.mutableSpan
    for index in samples.indices {
      let sum = seen[Int(samples[index])] + added[Int(pane[index])]
      samples[index] = UInt8(truncatingIfNeeded: Int32(min(sum, 255)))
    }
  }
}

extension Frost: AssetPrimitive {
  mutating func take(_ assets: CorruptionAssets) { art = assets.frost }
}
