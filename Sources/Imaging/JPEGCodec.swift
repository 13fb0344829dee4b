internal import CCodecShims
public import Inputs

/// JPEG by libjpeg-turbo with the settings of Pillow: accurate integer DCT, smooth upsampling.
public enum JPEGCodec {
  /// How the colour differences are stored.
  public enum ChromaSubsampling: Sendable {
    /// At half the resolution both ways, Pillow's default.
    case halved420
    /// At full resolution.
    case full444
  }

  /// Decodes grey, YCbCr, RGB, CMYK and YCCK, baseline and progressive, to what Pillow's
  /// `convert("RGB")` gives; four inks are taken for inverted, as Adobe's programs store them.
  ///
  /// Damage that libjpeg can bridge is bridged, as in Pillow; a cut-off file is an error.
  ///
  /// - Parameters:
  ///   - name: the file's name for messages.
  ///   - pixelLimit: larger images are refused before memory is taken.
  public static func decode(
    _ bytes: [UInt8], name: String, pixelLimit: Int = Limit.imagePixels.value
  ) throws(ImageError) -> PixelImage {
    try unsafe decodeByShim(bytes, name: name, format: .jpeg, pixelLimit: pixelLimit) {
      unsafe codec_open_jpeg($0, $1, Int32(clamping: Limit.jpegScans.value))
    }
  }

  /// Encodes as Pillow's `save(quality=quality)`: baseline YCbCr in a JFIF file.
  ///
  /// - Parameters:
  ///   - quality: 1...100.
  ///   - optimized: computes Huffman tables for this image: a smaller file of the same pixels.
  ///   - restartRows: rows of blocks between restart markers, where a decoder finds back into a
  ///     damaged stream; 0 for none.
  public static func encode(
    _ image: PixelImage, quality: Int, subsampling: ChromaSubsampling = .halved420,
    optimized: Bool = false, restartRows: Int = 0
  ) throws(ImageError) -> [UInt8] {
    guard (1...100).contains(quality) else {
      throw .encodingFailed(format: .jpeg, problem: "quality \(quality) is not in 1...100")
    }
    guard (0...65535).contains(restartRows) else {
      throw .encodingFailed(
        format: .jpeg, problem: "\(restartRows) restart rows are not in 0...65535")
    }
    return try unsafe encodeByShim(image, format: .jpeg) { pixels, output in
      unsafe codec_encode_jpeg(
        pixels, Int32(image.width), Int32(image.height), Int32(quality), subsampling == .halved420,
        optimized, Int32(restartRows), &output)
    }
  }

  /// The image as it comes back from a JPEG file of `quality`, 1...100, at 4:2:0.
  public static func roundTrip(
    _ image: PixelImage, quality: Int
  ) throws(ImageError) -> PixelImage {
    let bytes = try encode(image, quality: quality)
    return try decode(bytes, name: "JPEG of quality \(quality)", pixelLimit: .max)
  }
}
