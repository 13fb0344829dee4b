internal import CCodecShims
public import Inputs

/// PNG by libpng: every colour type and bit depth, interlaced or not.
public enum PNGCodec {
  /// How much time goes into a small file; the pixels are the same.
  public enum Effort: Sendable {
    /// Level 1 of zlib and one row filter: about five times as fast, a little larger.
    case fast
    case standard
    case best
  }

  /// Decodes to what Pillow's `convert("RGB")` gives: samples deeper than 8 bits lose their low
  /// bits, but 16-bit grey is clipped at 255; grey is repeated; palettes are looked up;
  /// transparency and colour profiles are ignored.
  ///
  /// - Parameters:
  ///   - name: the file's name for messages.
  ///   - pixelLimit: larger images are refused before memory is taken.
  public static func decode(
    _ bytes: [UInt8], name: String, pixelLimit: Int = Limit.imagePixels.value
  ) throws(ImageError) -> PixelImage {
    try unsafe decodeByShim(bytes, name: name, format: .png, pixelLimit: pixelLimit) {
      unsafe codec_open_png($0, $1)
    }
  }

  /// Encodes as 8-bit RGB, not interlaced.
  public static func encode(
    _ image: PixelImage, effort: Effort = .standard
  ) throws(ImageError) -> [UInt8] {
    let level =
      switch effort {
      case .fast: CODEC_PNG_FAST
      case .standard: CODEC_PNG_STANDARD
      case .best: CODEC_PNG_BEST
      }
    return try unsafe encodeByShim(image, format: .png) { pixels, output in
      unsafe codec_encode_png(
        pixels, Int32(image.width), Int32(image.height), level, &output)
    }
  }
}
