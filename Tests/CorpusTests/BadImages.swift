import Imaging
import TestSupport

extension BadInput {
  static let images = pngs + jpegs + pnms

  private static func image(_ name: String, _ bytes: [UInt8], says: String) -> BadInput {
    BadInput(
      name, file: "image.png", says: says,
      make: { folder in try folder.write(bytes, to: "image.png") },
      read: { folder in _ = try ImageDecoder.decode(contentsOf: "\(folder.path)/image.png") })
  }

  // MARK: PNG

  private static let pngs: [BadInput] = {
    let good = PNGFile(width: 5, height: 4, palette: [UInt8](repeating: 7, count: 12))
    let bytes = good.bytes
    let (palette, data) = (good.offset(of: "PLTE"), good.offset(of: "IDAT"))
    let end = good.offset(of: "IEND")
    let cuts: [(String, Int)] = [
      ("after its signature", 8), ("inside the length of IHDR", 10), ("inside IHDR", 20),
      ("inside the checksum of IHDR", 31), ("after IHDR", 33), ("inside PLTE", palette + 9),
      ("after PLTE", data), ("after the header of IDAT", data + 8), ("inside IDAT", data + 30),
      ("inside the checksum of IDAT", end - 2),
    ]
    var inputs = cuts.map { place, count in
      image("PNG cut off \(place)", Array(bytes[..<count]), says: "PNG")
    }
    func changed(_ offset: Int) -> [UInt8] {
      var changed = bytes
      changed[offset] ^= 0x10
      return changed
    }
    inputs += [
      image("PNG cut off inside its signature", Array(bytes[..<6]), says: "not an image"),
      image("PNG with a byte of its signature changed", changed(4), says: "not an image"),
      image("PNG with a wrong checksum of IHDR", changed(30), says: "IHDR: CRC error"),
      image("PNG with a wrong checksum of PLTE", changed(data - 1), says: "PLTE: CRC error"),
      image("PNG with a wrong checksum of IDAT", changed(end - 1), says: "IDAT: CRC error"),
      image("PNG of width 0", PNGFile(width: 0, height: 4).bytes, says: "width is zero"),
      image("PNG of height 0", PNGFile(width: 4, height: 0).bytes, says: "height is zero"),
      image(
        "PNG of 65535 x 65535 pixels", PNGFile(width: 65535, height: 65535).bytes,
        says: "65535 x 65535 pixels are more than the limit of 178956970"),
      image(
        "PNG of 178956971 pixels in a row", PNGFile(width: 178_956_971, height: 1).bytes,
        says: "more than the limit"),
      image(
        "PNG of 2^31 - 1 pixels squared",
        PNGFile(width: 2_147_483_647, height: 2_147_483_647, samples: []).bytes,
        says: "more than the limit"),
      image(
        "PNG of 2^31 pixels", PNGFile(width: 1 << 31, height: 1, samples: []).bytes, says: "PNG"),
      image(
        "PNG of 3 bits", PNGFile(width: 4, height: 4, depth: 3, color: 0).bytes, says: "bit depth"),
      image(
        "PNG of color type 5", PNGFile(width: 4, height: 4, color: 5).bytes, says: "color type"),
      image(
        "PNG of 16-bit palette", PNGFile(width: 4, height: 4, depth: 16, color: 3).bytes,
        says: "PNG"),
      image(
        "PNG of compression 1", PNGFile(width: 4, height: 4, compression: 1).bytes,
        says: "compression"),
      image(
        "PNG of filter method 1", PNGFile(width: 4, height: 4, filter: 1).bytes, says: "filter"),
      image(
        "PNG of interlace 9", PNGFile(width: 4, height: 4, interlace: 9).bytes, says: "interlace"),
      image(
        "PNG of palette without PLTE", PNGFile(width: 4, height: 4, color: 3).bytes, says: "PLTE"),
      image(
        "PNG with a PLTE of 4 bytes",
        PNGFile(width: 4, height: 4, color: 3, palette: [1, 2, 3, 4]).bytes, says: "PNG"),
      image(
        "PNG with an empty PLTE", PNGFile(width: 4, height: 4, color: 3, palette: []).bytes,
        says: "PNG"),
      image(
        "PNG with a row filter 9",
        PNGFile(width: 1, height: 1, samples: [9, 1, 2, 3]).bytes, says: "filter"),
      image(
        "PNG with too few samples", PNGFile(width: 9, height: 9, samples: [0, 1, 2, 3]).bytes,
        says: "PNG"),
    ]
    func rearranged(_ name: String, says: String, _ change: (inout PNGFile) -> Void) {
      var file = good
      change(&file)
      inputs.append(image(name, file.bytes, says: says))
    }
    rearranged("PNG without IHDR", says: "PNG") { $0.chunks.removeFirst() }
    rearranged("PNG with IDAT before IHDR", says: "PNG") { $0.chunks.swapAt(0, 2) }
    rearranged("PNG with two IHDR", says: "PNG") { $0.chunks.insert($0.chunks[0], at: 1) }
    rearranged("PNG without IDAT", says: "PNG") { $0.chunks.remove(at: 2) }
    rearranged("PNG with an unknown critical chunk", says: "PNG") {
      $0.chunks.insert(("ABCD", [1, 2]), at: 1)
    }
    rearranged("PNG with noise for samples", says: "PNG") { file in
      file.chunks[2].content = [UInt8](repeating: 0xa5, count: 40)
    }
    return inputs
  }()

  // MARK: JPEG

  private static let jpegs: [BadInput] = {
    let pixels = (0..<3 * 24 * 20).map { UInt8(truncatingIfNeeded: $0 * $0) }
    let good = try! JPEGCodec.encode(PixelImage(width: 24, height: 20, pixels: pixels), quality: 90)
    func offset(_ marker: UInt8) -> Int {
      good.indices.first { good[$0] == 0xff && good[$0 + 1] == marker }!
    }
    let (tables, frame, huffman, scan) = (offset(0xdb), offset(0xc0), offset(0xc4), offset(0xda))
    let cuts = [
      ("after its first marker", 2), ("inside DQT", tables + 20), ("before its frame", frame),
      ("inside its frame", frame + 8), ("inside DHT", huffman + 10), ("before its scan", scan),
      ("inside the scan's header", scan + 6), ("inside its samples", good.count - 60),
    ]
    var inputs = cuts.map { place, count in
      image("JPEG cut off \(place)", Array(good[..<count]), says: "JPEG")
    }
    func changed(_ changes: [(Int, UInt8)]) -> [UInt8] {
      var bytes = good
      for (place, value) in changes { bytes[place] = value }
      return bytes
    }
    inputs += [
      image("JPEG of precision 12", changed([(frame + 4, 12)]), says: "JPEG"),
      image("JPEG of precision 7", changed([(frame + 4, 7)]), says: "JPEG"),
      image("JPEG of height 0", changed([(frame + 5, 0), (frame + 6, 0)]), says: "JPEG"),
      image("JPEG of width 0", changed([(frame + 7, 0), (frame + 8, 0)]), says: "JPEG"),
      image(
        "JPEG of 65500 x 65500 pixels",
        changed([
          (frame + 5, 0xff), (frame + 6, 0xdc), (frame + 7, 0xff), (frame + 8, 0xdc),
        ]), says: "65500 x 65500 pixels are more than the limit"),
      image(
        "JPEG of 65535 x 65535 pixels",
        changed([(frame + 5, 255), (frame + 6, 255), (frame + 7, 255), (frame + 8, 255)]),
        says: "JPEG"),
      image("JPEG that is lossless", changed([(frame + 1, 0xc3)]), says: "JPEG"),
      image("JPEG that is hierarchical", changed([(frame + 1, 0xc5)]), says: "not supported"),
      image("JPEG of no components", changed([(frame + 9, 0)]), says: "JPEG"),
      image("JPEG of sampling factors 0", changed([(frame + 11, 0)]), says: "JPEG"),
      image(
        "JPEG with a Huffman table of 9 codes of 1 bit", changed([(huffman + 5, 9)]), says: "JPEG"),
      image("JPEG with a scan of table 7", changed([(scan + 6, 0x77)]), says: "JPEG"),
      image("JPEG with its scan before its frame", Array(good[..<2] + good[scan...]), says: "JPEG"),
      image("JPEG with two frames", Array(good[..<huffman] + good[frame...]), says: "JPEG"),
      image(
        "JPEG of 501 progressive scans", progressive(scans: 501),
        says: "not a valid JPEG image: more than 500 scans"),
    ]
    return inputs
  }()

  /// A grey progressive image of 8 x 8 pixels that sends its mean value again and again.
  static func progressive(scans: Int) -> [UInt8] {
    let table = [0xff, 0xdb, 0, 67, 0] + [UInt8](repeating: 1, count: 64)
    let frame: [UInt8] = [0xff, 0xc2, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0]
    let codes: [UInt8] = [0xff, 0xc4, 0, 20, 0, 1] + [UInt8](repeating: 0, count: 15) + [0]
    let scan: [UInt8] = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0, 0x7f]
    return [0xff, 0xd8] + table + frame + codes + (0..<scans).flatMap { _ in scan } + [0xff, 0xd9]
  }

  // MARK: PNM

  private static let pnms: [BadInput] = [
    ("PNM of an unknown kind", "P7\n2 2 255\n", "not an image"),
    ("PNM that ends after its kind", "P5\n", "cut off"),
    ("PNM of width 0", "P5 0 3 255\n", "width 0 is not in"),
    ("PNM of negative height", "P5 3 -3 255\n", "height is not a number at byte"),
    ("PNM of maximum 0", "P5 3 3 0\n", "maximum 0 is not in"),
    ("PNM of maximum 65536", "P5 3 3 65536\n", "maximum 65536 is not in"),
    ("PNM of a width of 11 digits", "P5 99999999999 1 255\n", "more than 10 digits"),
    ("PNM of 65535 x 65535 pixels", "P5 65535 65535 255\n", "more than the limit"),
    ("PNM of letters for a width", "P5 three 3 255\n", "width is not a number at byte 3"),
    ("PNM of raw samples cut off", "P6 2 2 255\nabc", "cut off"),
    ("PNM of raw bits cut off", "P4 64 64\nabc", "cut off"),
    ("PNM of plain samples cut off", "P2 2 2 255\n1 2 3", "cut off"),
    ("PNM with a plain sample above its maximum", "P2 1 1 9\n10\n", "sample 10 is not in 0...9"),
    ("PNM with a bit of 2", "P1 2 1\n12", "neither 0 nor 1"),
  ].map { name, text, says in image(name, Array(text.utf8), says: says) }
}
