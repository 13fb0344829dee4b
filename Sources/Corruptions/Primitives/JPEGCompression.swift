internal import Configuration
internal import Imaging

/// What is left of the image after it was stored as a JPEG.
struct JPEGCompression: CorruptionPrimitive {
  static let name = "jpeg_compression"
  static let summary = "stores the image as a JPEG (4:2:0) of a `quality` and reads it back"

  /// Of libjpeg: 1 to 100.
  let quality: Int

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    quality = try parameters.int("quality", in: 1...100)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom)
    throws(CorruptionError)
  {
    do {
      image.pixels = try JPEGCodec.roundTrip(image.pixels, quality: quality)
    } catch {
      throw .image(error)
    }
  }
}
