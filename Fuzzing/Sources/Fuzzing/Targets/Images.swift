import Imaging

extension FuzzTarget {
  static let images: [FuzzTarget] = [
    FuzzTarget(name: "png") { bytes in
      guard
        let image = accepted(
          "input", { try PNGCodec.decode(bytes, name: "input", pixelLimit: limit) })
      else { return }
      check(image, bytes)
      // What was read is written and comes back.
      let again = try! PNGCodec.decode(PNGCodec.encode(image, effort: .fast), name: "again")
      precondition(again == image)
    },
    FuzzTarget(name: "jpeg") { bytes in
      guard
        let image = accepted(
          "input", { try JPEGCodec.decode(bytes, name: "input", pixelLimit: limit) })
      else { return }
      check(image, bytes)
    },
    FuzzTarget(name: "pnm") { bytes in
      guard
        let image = accepted(
          "input", { try PNMCodec.decode(bytes, name: "input", pixelLimit: limit) })
      else { return }
      check(image, bytes)
    },
  ]

  /// Pixels: enough for every path through the decoders, few enough for many inputs a second.
  private static let limit = 1 << 16

  /// The decoder that tells formats apart gives the same image, and any orientation keeps its pixels;
  /// the model's view of it can be made.
  private static func check(_ image: PixelImage, _ bytes: [UInt8]) {
    precondition(image.width * image.height <= limit)
    // It asks more of a file's beginning than a codec that is told the format.
    guard let told = try? ImageDecoder.decode(bytes, name: "input", pixelLimit: limit) else {
      return
    }
    precondition(told == image)
    let upright = try! ImageDecoder.decode(
      bytes, name: "input", appliesOrientation: true, pixelLimit: limit)
    precondition(upright.pixels.count == image.pixels.count)
    let seen = Preprocessing(imageSize: 8).pixels(image)
    precondition(seen.width == 8 && seen.height == 8)
  }
}
