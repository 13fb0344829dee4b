internal import Archives
public import Imaging
public import Streams

extension Sample {
  /// The decoded image: what Pillow's `convert("RGB")` gives of a file or an archive's member, or the
  /// raw pixels, grey ones in all three channels.
  ///
  /// - Throws: `unreadable` if the bytes can't be had; everything names the file, and the place in
  ///   it.
  public func image() throws(ImageError) -> PixelImage {
    switch location {
    case .file(let path): return try ImageDecoder.decode(contentsOf: path)
    case .part(let part):
      return try ImageDecoder.decode(bytes(of: part), name: location.description)
    case .raster(let part, let shape):
      return shape.image(try bytes(of: part))
    }
  }

  private func bytes(of part: FilePart) throws(ImageError) -> [UInt8] {
    do {
      return try part.bytes()
    } catch {
      throw .unreadable(name: location.description, reason: "\(error)")
    }
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
