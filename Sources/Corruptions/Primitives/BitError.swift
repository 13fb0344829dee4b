internal import Configuration
internal import Imaging
internal import TensorCore

/// Wrong bits in the image's JPEG stream: flips bits of the scan (the entropy-coded data with its
/// restart markers; the headers stay whole) and decodes what is left.
///
/// libjpeg resumes at the next restart marker and fills what it can't read with grey, so that a
/// flip damages up to `restart` rows of blocks. A stream that it should refuse all the same is
/// tried again with the first half of the flips, down to none.
struct BitError: CorruptionPrimitive {
  static let name = "bit_error"
  static let summary = "flips a share `rate` of the bits of the image's JPEG stream"

  /// The share of the scan's bits that are flipped; above 0 at least one is.
  let rate: Double
  /// Of libjpeg: 1 to 100.
  let quality: Int
  /// Rows of 16 x 16 blocks between restart markers; 0 for none: then a flip damages everything
  /// below it.
  let restart: Int

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    rate = try parameters.double("rate", in: 0...0.5)
    quality = try parameters.int("quality", in: 1...100, default: 75)
    restart = try parameters.int("restart", in: 0...4096, default: 1)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom)
    throws(CorruptionError)
  {
    do {
      let file = try JPEGCodec.encode(image.pixels, quality: quality, restartRows: restart)
      let scan = Self.scan(of: file)
      let bits = 8 * scan.count
      let count = rate > 0 ? min(bits, max(1, Int((rate * Double(bits)).rounded()))) : 0
      let places = random.uniforms(count)
      image.pixels = try Self.decoded(file, scan: scan, places: places[...])
    } catch {
      throw .image(error)
    }
  }

  /// What a decoder makes of `file` with wrong bits.
  ///
  /// - Parameter places: in [0, 1), from the beginning of the scan to its end; a bit that is hit
  ///   twice is as it was.
  static func decoded(_ file: [UInt8], scan: Range<Int>, places: ArraySlice<Double>)
    throws(ImageError) -> PixelImage
  {
    var damaged = file
    for place in places {
      let bit = Int(place * Double(8 * scan.count))
      damaged[scan.lowerBound + bit / 8] ^= 0x80 >> UInt8(bit % 8)
    }
    do {
      return try JPEGCodec.decode(damaged, name: "damaged JPEG stream", pixelLimit: .max)
    } catch {
      guard !places.isEmpty else { throw error }
      return try decoded(file, scan: scan, places: places.prefix(places.count / 2))
    }
  }

  /// The bytes after the header of the scan and before the end marker, in a whole baseline file.
  static func scan(of file: [UInt8]) -> Range<Int> {
    let startOfScan: UInt8 = 0xDA
    let endMarker = file.count - 2
    // After the start marker come segments: a marker of two bytes, then a length of two bytes that
    // counts itself.
    var place = 2
    while place + 4 <= endMarker {
      let next = place + 2 + Int(file[place + 2]) << 8 + Int(file[place + 3])
      if file[place + 1] == startOfScan { return min(next, endMarker)..<endMarker }
      place = next
    }
    return endMarker..<endMarker
  }
}
