import Foundation
import Imaging
import TensorCore
import Testing

@Suite("Encoding")
struct CodecTests {
  private func image(width: Int, height: Int) -> PixelImage {
    var random = KeyedRandom(seed: 3, "encoding", "\(width)", "\(height)")
    let pixels = (0..<3 * width * height).map { _ in UInt8(random.integer(in: 0..<256)) }
    return PixelImage(width: width, height: height, pixels: pixels)
  }

  @Test("A PNG gives back every pixel, at every effort")
  func png() throws {
    for (width, height) in [(1, 1), (7, 3), (64, 64), (301, 2)] {
      let image = image(width: width, height: height)
      for effort in [PNGCodec.Effort.fast, .standard, .best] {
        let bytes = try PNGCodec.encode(image, effort: effort)
        #expect(try PNGCodec.decode(bytes, name: "memory") == image)
      }
    }
  }

  @Test("A JPEG file is, byte for byte, the one that Pillow writes")
  func jpeg() throws {
    let goldens = try DecodingGoldens.read()
    let image = try ImageDecoder.decode(Array(goldens.encoded), name: "encoded")
    #expect(goldens.encodings.count == 32)
    for golden in goldens.encodings {
      let bytes = try JPEGCodec.encode(
        image, quality: golden.quality,
        subsampling: golden.subsampling == "420" ? .halved420 : .full444,
        optimized: golden.optimized)
      let name = "quality \(golden.quality), \(golden.subsampling), \(golden.optimized)"
      #expect(ContentHash(of: bytes).description == golden.fileHash, "\(name)")
      let decoded = try JPEGCodec.decode(bytes, name: name)
      #expect(ContentHash(of: decoded.pixels).description == golden.pixelHash, "\(name)")
      if golden.subsampling == "420" {
        #expect(try JPEGCodec.roundTrip(image, quality: golden.quality) == decoded)
      }
    }
  }

  @Test("Restart markers stand where they are asked for and change no pixel")
  func restarts() throws {
    // 64 rows of pixels are 4 rows of blocks at 4:2:0.
    let image = image(width: 40, height: 64)
    let plain = try JPEGCodec.encode(image, quality: 90)
    for (rows, expected) in [(0, 0), (1, 3), (2, 1), (4, 0)] {
      let bytes = try JPEGCodec.encode(image, quality: 90, restartRows: rows)
      let markers = zip(bytes, bytes.dropFirst()).count { $0 == 0xFF && (0xD0...0xD7).contains($1) }
      #expect(markers == expected, "every \(rows) rows")
      #expect(
        try JPEGCodec.decode(bytes, name: "restarts") == JPEGCodec.decode(plain, name: "plain"))
    }
    #expect(
      throws: ImageError.encodingFailed(
        format: .jpeg, problem: "65536 restart rows are not in 0...65535")
    ) { try JPEGCodec.encode(image, quality: 90, restartRows: 65_536) }
  }

  @Test("A quality out of range and an image too large for JPEG are refused")
  func jpegErrors() {
    let image = image(width: 2, height: 2)
    for quality in [0, 101, -5] {
      #expect(
        throws: ImageError.encodingFailed(
          format: .jpeg, problem: "quality \(quality) is not in 1...100")
      ) { try JPEGCodec.encode(image, quality: quality) }
    }
    let long = PixelImage(width: 65_501, height: 1, color: (red: 0, green: 0, blue: 0))
    #expect(
      throws: ImageError.encodingFailed(
        format: .jpeg, problem: "Maximum supported image dimension is 65500 pixels")
    ) { try JPEGCodec.encode(long, quality: 75) }
  }
}
