internal import Archives
public import Imaging
internal import Inputs
public import Streams

extension Sample {
  /// The decoded image: what Pillow's `convert("RGB")` gives of a file or an archive's member, or the
  /// raw pixels, grey ones in all three channels.
  ///
  /// - Throws: `unreadable` if the bytes can't be had; everything names the file, and the place in
  ///   it.
  public func image() throws(ImageError) -> PixelImage { try image(decoding: content()) }

  /// The bytes of the image, not decoded.
  ///
  /// - Throws: `unreadable`, naming the file and the place in it.
  public func content() throws(ImageError) -> [UInt8] {
    do {
      switch location {
      case .file(let path): return try InputFile.bytes(path, limit: .imageBytes)
      case .part(let part), .raster(let part, _): return try part.bytes()
      }
    } catch {
      throw .unreadable(name: location.description, reason: "\(error)")
    }
  }

  /// The image in `content`, this sample's bytes.
  public func image(decoding content: [UInt8]) throws(ImageError) -> PixelImage {
    if case .raster(_, let shape) = location { return shape.image(content) }
    return try ImageDecoder.decode(content, name: location.description)
  }
}

extension RasterShape {
  /// - Parameter bytes: `count` of them.
  fileprivate func image(_ bytes: [UInt8]) -> PixelImage {
    let (width, height) = (width, height)
    let pixels = [UInt8](capacity: 3 * width * height) { output in
      switch order {
      case .greyRows:
        for byte in bytes {
          output.append(byte)
          output.append(byte)
          output.append(byte)
        }
      case .planesOfColumns:
        for y in 0..<height {
          for x in 0..<width {
            for channel in 0..<3 { output.append(bytes[(channel * width + x) * height + y]) }
          }
        }
      }
    }
    return PixelImage(width: width, height: height, pixels: pixels)
  }
}
