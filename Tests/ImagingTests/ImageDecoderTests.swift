import Foundation
import Imaging
import Inputs
import TensorCore
import TestSupport
import Testing

@Suite("Decoding")
struct ImageDecoderTests {
  @Test("Every kind of PNG, JPEG and PNM file gives the pixels that Pillow gives")
  func goldens() throws {
    let files = try DecodingGoldens.read().files
    #expect(files.count == 102)
    for golden in files {
      let image = try ImageDecoder.decode(golden.bytes, name: golden.name)
      #expect(image.width == golden.width && image.height == golden.height, "\(golden.name)")
      #expect(ContentHash(of: image.pixels).description == golden.hash, "\(golden.name)")
    }
  }

  @Test("On request an image is turned as its EXIF data asks")
  func orientation() throws {
    let turned = try DecodingGoldens.read().files.filter { $0.upright != nil }
    #expect(turned.count == 9)
    for golden in turned {
      let image = try ImageDecoder.decode(
        golden.bytes, name: golden.name, appliesOrientation: true)
      #expect(ContentHash(of: image.pixels).description == golden.upright, "\(golden.name)")
    }
    let plain = try DecodingGoldens.bytes(of: "jpeg-rgb")
    #expect(
      try ImageDecoder.decode(plain, name: "plain", appliesOrientation: true)
        == ImageDecoder.decode(plain, name: "plain"))
  }

  @Test("The content decides on the format, not the name")
  func formatByContent() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(DecodingGoldens.bytes(of: "png-color2-depth8"), to: "photo.jpg")
    #expect(try ImageDecoder.decode(contentsOf: path).width == 13)
    let text = try folder.write("hello, this is no image\n", to: "text.jpg")
    #expect(
      throws: ImageError.unknownFormat(name: text, beginning: "the text \"hello, this \"")
    ) { try ImageDecoder.decode(contentsOf: text) }
    let binary = try folder.write([0, 1, 0xfe], to: "binary.png")
    #expect(throws: ImageError.unknownFormat(name: binary, beginning: "the bytes 00 01 fe")) {
      try ImageDecoder.decode(contentsOf: binary)
    }
  }

  @Test("A missing file, a folder and an empty file are named as such")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let missing = "\(folder.path)/missing.png"
    #expect(throws: ImageError.unreadable(name: missing, reason: "no such file")) {
      try ImageDecoder.decode(contentsOf: missing)
    }
    #expect(
      throws: ImageError.unreadable(
        name: folder.path, reason: "it is a folder, not a file")
    ) { try ImageDecoder.decode(contentsOf: folder.path) }
    let empty = try folder.write("", to: "empty.png")
    #expect(throws: ImageError.empty(name: empty)) {
      try ImageDecoder.decode(contentsOf: empty)
    }
  }

  @Test("An image above the pixel limit is refused in every format")
  func limit() throws {
    for (name, width, height) in [
      ("png-color2-depth8", 13, 11), ("jpeg-420-17x33", 17, 33), ("pnm-grey-raw-255", 6, 5),
    ] {
      let bytes = try DecodingGoldens.bytes(of: name)
      let limit = width * height - 1
      #expect(
        throws: ImageError.tooManyPixels(name: name, width: width, height: height, limit: limit)
      ) { try ImageDecoder.decode(bytes, name: name, pixelLimit: limit) }
      #expect(throws: Never.self) {
        try ImageDecoder.decode(bytes, name: name, pixelLimit: limit + 1)
      }
    }
    // Pillow's limit holds by default, before memory is taken.
    let bomb = Array("P5 2000000000 2000000000 255\n".utf8)
    #expect(throws: ImageError.self) { try ImageDecoder.decode(bomb, name: "bomb") }
    #expect(Limit.imagePixels.value == 178_956_970)
  }

  @Test("Messages name the file and the problem")
  func messages() {
    let errors: [(ImageError, String)] = [
      (.truncated(name: "a.jpg", format: .jpeg), "a.jpg: the JPEG image is cut off before its end"),
      (
        .malformed(name: "a.png", format: .png, problem: "IDAT: CRC error"),
        "a.png: not a valid PNG image: IDAT: CRC error"
      ),
      (
        .tooManyPixels(name: "a.png", width: 3, height: 4, limit: 11),
        "a.png: 3 x 4 pixels are more than the limit of 11 pixels"
      ),
      (.unreadable(name: "a", reason: "no such file"), "a: cannot be read: no such file"),
    ]
    for (error, message) in errors { #expect(error.description == message) }
  }
}
