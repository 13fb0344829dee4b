import Imaging
import TensorCore
import Testing

@Suite("Damaged image files")
struct DamagedFileTests {
  /// A PNG file's header with some bytes changed and its checksum left as it was.
  private func png(changing offset: Int, to value: UInt8) throws -> [UInt8] {
    var bytes = try DecodingGoldens.bytes(of: "png-color2-depth8")
    bytes[offset] = value
    return bytes
  }

  private func error(of bytes: [UInt8]) -> ImageError? {
    do {
      _ = try ImageDecoder.decode(bytes, name: "damaged")
      return nil
    } catch {
      return error
    }
  }

  @Test("Any file cut off inside its samples is reported as cut off or malformed")
  func truncation() throws {
    for golden in try DecodingGoldens.read().files {
      let bytes = golden.bytes
      var refused = 0
      for count in 0..<bytes.count {
        if error(of: Array(bytes[..<count])) != nil { refused += 1 }
      }
      // What may be missing: PNG's last chunk, JPEG's end marker, PNM's last line break.
      #expect(refused >= bytes.count - 16, "\(golden.name): \(refused) of \(bytes.count)")
    }
  }

  @Test("No changed byte does more than change pixels or raise an error")
  func changedBytes() throws {
    var random = KeyedRandom(seed: 1, "changed bytes")
    var refused = 0
    for golden in try DecodingGoldens.read().files {
      for _ in 0..<40 {
        var bytes = golden.bytes
        for _ in 0..<random.integer(in: 1..<4) {
          bytes[random.integer(in: 0..<bytes.count)] = UInt8(random.integer(in: 0..<256))
        }
        do {
          _ = try ImageDecoder.decode(bytes, name: golden.name, pixelLimit: 1_000_000)
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > 500)
  }

  @Test("A PNG's errors are told in words")
  func pngErrors() throws {
    let bytes = try DecodingGoldens.bytes(of: "png-color2-depth8")
    #expect(
      error(of: try png(changing: 20, to: 0xff))
        == .malformed(name: "damaged", format: .png, problem: "IHDR: CRC error"))
    let body = bytes.count - 12 - 8
    #expect(
      error(of: try png(changing: body, to: bytes[body] ^ 1))
        .map { if case .malformed(_, .png, _) = $0 { true } else { false } } == true)
    #expect(
      error(of: Array(bytes[..<60])) == .truncated(name: "damaged", format: .png))
    // Width 0, with a right checksum.
    let empty: [UInt8] =
      Array(bytes[..<8]) + [0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 0, 0, 0, 0, 0, 1, 8, 2, 0]
      + [0, 0] + [0x7f, 0xb5, 0x38, 0xe0]
    #expect(
      error(of: empty)
        == .malformed(name: "damaged", format: .png, problem: "Image width is zero in IHDR"))
  }

  @Test("A JPEG's errors are told in words")
  func jpegErrors() throws {
    let bytes = try DecodingGoldens.bytes(of: "jpeg-420-17x33")
    #expect(error(of: Array(bytes[..<300])) == .truncated(name: "damaged", format: .jpeg))
    #expect(error(of: [0xff, 0xd8, 0xff]) == .truncated(name: "damaged", format: .jpeg))
    #expect(
      error(of: [0xff, 0xd8, 0xff, 0xd9])
        == .malformed(name: "damaged", format: .jpeg, problem: "JPEG datastream contains no image"))
    // The frame header follows its marker: length, precision, height, width.
    let frame = bytes.indices.first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xc0 }!
    var deep = bytes
    deep[frame + 4] = 12
    #expect(
      error(of: deep)
        == .unsupported(
          name: "damaged", format: .jpeg, feature: "Unsupported JPEG data precision 12"))
    var empty = bytes
    (empty[frame + 7], empty[frame + 8]) = (0, 0)
    #expect(
      error(of: empty)
        == .malformed(
          name: "damaged", format: .jpeg, problem: "Empty JPEG image (DNL not supported)"))
  }

  @Test(
    "A PNM's errors are told in words",
    arguments: [
      ("P5 0 4 255\n", "width 0 is not in 1...2147483647"),
      ("P5 4 4 0\n", "maximum 0 is not in 1...65535"),
      ("P5 4 4 70000\n", "maximum 70000 is not in 1...65535"),
      ("P5 4 x 255\n", "height is not a number at byte 5"),
      ("P5 12345678901 4 255\n", "width has more than 10 digits"),
      ("P2 1 1 9 10\n", "sample 10 is not in 0...9"),
      ("P1 2 1 12\n", "a bit is neither 0 nor 1 at byte 8"),
      ("P5x4 4 255\n", "it does not begin with P1 to P6 and a space"),
    ])
  func pnmErrors(file: String, problem: String) {
    #expect(
      error(of: Array(file.utf8)) == .malformed(name: "damaged", format: .pnm, problem: problem))
  }

  @Test("A PNM without its samples is cut off, whatever its header promises")
  func pnmTruncation() {
    for file in [
      "P5 10000 10000 255\n", "P6 2 2 65535\nabc", "P2 9 9 255\n1 2 3", "P1 2 2 1", "P4 9 2 ",
    ] {
      #expect(error(of: Array(file.utf8)) == .truncated(name: "damaged", format: .pnm), "\(file)")
    }
  }
}
