public import Inputs

/// Reads image files of any of the formats, told apart by their content, not by their names.
public enum ImageDecoder {
  /// Decodes an image that is in memory.
  ///
  /// - Parameters:
  ///   - name: the file's name for messages.
  ///   - appliesOrientation: turns the image as its EXIF data asks. Off by default, as in
  ///     torchvision and Pillow.
  ///   - pixelLimit: larger images are refused before memory is taken.
  /// - Returns: what Pillow's `Image.open(file).convert("RGB")` gives.
  public static func decode(
    _ bytes: [UInt8], name: String, appliesOrientation: Bool = false,
    pixelLimit: Int = Limit.imagePixels.value
  ) throws(ImageError) -> PixelImage {
    guard !bytes.isEmpty else { throw .empty(name: name) }
    guard let format = ImageFormat(ofContent: bytes) else {
      throw .unknownFormat(name: name, beginning: beginning(of: bytes))
    }
    let image =
      switch format {
      case .png: try PNGCodec.decode(bytes, name: name, pixelLimit: pixelLimit)
      case .jpeg: try JPEGCodec.decode(bytes, name: name, pixelLimit: pixelLimit)
      case .pnm: try PNMCodec.decode(bytes, name: name, pixelLimit: pixelLimit)
      }
    guard appliesOrientation, let orientation = ExifOrientation(inFile: bytes, of: format) else {
      return image
    }
    return image.oriented(orientation)
  }

  /// Decodes the file at `path`; see ``decode(_:name:appliesOrientation:pixelLimit:)``.
  public static func decode(
    contentsOf path: String, appliesOrientation: Bool = false,
    pixelLimit: Int = Limit.imagePixels.value
  ) throws(ImageError) -> PixelImage {
    try decode(
      contents(of: path), name: path, appliesOrientation: appliesOrientation,
      pixelLimit: pixelLimit)
  }

  private static func contents(of path: String) throws(ImageError) -> [UInt8] {
    do {
      return try InputFile.bytes(path, limit: .imageBytes)
    } catch {
      throw .unreadable(name: path, reason: "\(error)")
    }
  }

  /// The first bytes as a quoted text if they are one, else in hexadecimal.
  private static func beginning(of bytes: [UInt8]) -> String {
    let first = bytes.prefix(12)
    if first.allSatisfy({ (0x20...0x7e).contains($0) || (0x09...0x0d).contains($0) }) {
      let text = first.map { $0 < 0x20 ? " " : String(UnicodeScalar($0)) }.joined()
      return "the text \"\(text)\""
    }
    let digits = first.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return "the bytes " + digits.joined(separator: " ")
  }
}
