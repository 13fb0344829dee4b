import Foundation
import Imaging

/// 40 x 30 pixels with slopes and a ring.
let ring: PixelImage = {
  var pixels: [UInt8] = []
  for y in 0..<30 {
    for x in 0..<40 {
      let squares: Int = x * x + y * y
      pixels += [UInt8(squares / 10), UInt8(6 * x), UInt8(8 * y)]
    }
  }
  return PixelImage(width: 40, height: 30, pixels: pixels)
}()

extension Tool {
  /// Writes `image` as PNG to `name` in the working folder.
  func write(_ image: PixelImage, _ name: String) throws {
    let url = URL(filePath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(PNGCodec.encode(image)).write(to: url)
  }

  func image(_ name: String) throws -> PixelImage {
    try ImageDecoder.decode(contentsOf: path(name))
  }
}
