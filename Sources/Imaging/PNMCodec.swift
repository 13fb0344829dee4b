public import Inputs

/// The portable bitmaps, graymaps and pixmaps of Netpbm, P1 to P6, plain and raw.
public enum PNMCodec {
  /// Decodes to what Pillow's `convert("RGB")` gives: samples are scaled from the file's maximum
  /// to 255 (halves to even), but grey with a maximum above 255 is scaled to 65535 and clipped.
  ///
  /// - Parameters:
  ///   - name: the file's name for messages.
  ///   - pixelLimit: larger images are refused before memory is taken.
  public static func decode(
    _ bytes: [UInt8], name: String, pixelLimit: Int = Limit.imagePixels.value
  ) throws(ImageError) -> PixelImage {
    var scanner = PNMScanner(bytes: bytes, name: name)
    guard bytes.count > 2, bytes[0] == UInt8(ascii: "P"),
      (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[1]), isWhitespace(bytes[2])
    else { throw scanner.malformed("it does not begin with P1 to P6 and a space") }
    scanner.position = 3
    let kind = Int(bytes[1] - UInt8(ascii: "0"))
    let width = try scanner.number("width", in: 1...Int(Int32.max))
    let height = try scanner.number("height", in: 1...Int(Int32.max))
    let isBitmap = kind == 1 || kind == 4
    let maximum = isBitmap ? 1 : try scanner.number("maximum", in: 1...65535)
    let (pixelCount, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixelCount <= pixelLimit else {
      throw .tooManyPixels(name: name, width: width, height: height, limit: pixelLimit)
    }

    let isColor = kind == 3 || kind == 6
    let sampleCount = isColor ? 3 * pixelCount : pixelCount
    let levels = isBitmap ? [255, 0] : levels(maximum: maximum, isColor: isColor)
    let samples =
      switch kind {
      case 1: try scanner.plainBits(sampleCount, levels: levels)
      case 2, 3: try scanner.plainSamples(sampleCount, maximum: maximum, levels: levels)
      case 4: try scanner.rawBits(width: width, height: height)
      default: try scanner.rawSamples(sampleCount, levels: levels)
      }
    if isColor { return PixelImage(width: width, height: height, pixels: samples) }
    let pixels = [UInt8](capacity: 3 * pixelCount) { output in
      for sample in samples {
        output.append(sample)
        output.append(sample)
        output.append(sample)
      }
    }
    return PixelImage(width: width, height: height, pixels: pixels)
  }

  /// The 8-bit level of every sample value that the file's width of 1 or 2 bytes can hold.
  private static func levels(maximum: Int, isColor: Bool) -> [UInt8] {
    let top = !isColor && maximum > 255 ? 65535.0 : 255.0
    return (0...(maximum > 255 ? 65535 : 255)).map { value in
      let scaled = (Double(value) / Double(maximum) * top).rounded(.toNearestOrEven)
      return UInt8(min(scaled, 255))
    }
  }
}

private func isWhitespace(_ byte: UInt8) -> Bool {
  byte == 0x20 || (0x09...0x0d).contains(byte)
}

/// Reads numbers and samples from a PNM file, as Pillow's reader does: a comment inside a number
/// does not end it.
private struct PNMScanner {
  let bytes: [UInt8]
  let name: String
  var position = 0

  func malformed(_ problem: String) -> ImageError {
    .malformed(name: name, format: .pnm, problem: problem)
  }

  private mutating func skipComment() {
    while position < bytes.count, bytes[position] != 0x0a, bytes[position] != 0x0d { position += 1 }
    position += 1
  }

  /// The next number, and the one whitespace character after it.
  mutating func number(_ what: String, in range: ClosedRange<Int>) throws(ImageError) -> Int {
    var value = 0
    var digits = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "#") {
        skipComment()
        continue
      }
      position += 1
      if isWhitespace(byte) {
        if digits == 0 { continue }
        break
      }
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
        throw malformed("\(what) is not a number at byte \(position - 1)")
      }
      digits += 1
      guard digits <= 10 else { throw malformed("\(what) has more than 10 digits") }
      value = 10 * value + Int(byte - UInt8(ascii: "0"))
    }
    guard digits > 0 else { throw .truncated(name: name, format: .pnm) }
    guard range.contains(value) else {
      throw malformed(
        "\(what) \(value) is not in \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  mutating func plainSamples(
    _ count: Int, maximum: Int, levels: [UInt8]
  ) throws(ImageError) -> [UInt8] {
    // A sample takes at least a digit and a space: what can't be there is not allocated for.
    guard count <= (bytes.count - position + 1) / 2 else {
      throw .truncated(name: name, format: .pnm)
    }
    var samples: [UInt8] = []
    samples.reserveCapacity(count)
    for _ in 0..<count {
      samples.append(levels[try number("sample", in: 0...maximum)])
    }
    return samples
  }

  mutating func plainBits(_ count: Int, levels: [UInt8]) throws(ImageError) -> [UInt8] {
    guard count <= bytes.count - position else { throw .truncated(name: name, format: .pnm) }
    var samples: [UInt8] = []
    samples.reserveCapacity(count)
    while samples.count < count {
      guard position < bytes.count else { throw .truncated(name: name, format: .pnm) }
      let byte = bytes[position]
      if byte == UInt8(ascii: "#") {
        skipComment()
        continue
      }
      position += 1
      if isWhitespace(byte) { continue }
      guard byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1") else {
        throw malformed("a bit is neither 0 nor 1 at byte \(position - 1)")
      }
      samples.append(levels[Int(byte - UInt8(ascii: "0"))])
    }
    return samples
  }

  func rawBits(width: Int, height: Int) throws(ImageError) -> [UInt8] {
    let stride = (width + 7) / 8
    guard stride * height <= bytes.count - position else {
      throw .truncated(name: name, format: .pnm)
    }
    return [UInt8](capacity: width * height) { output in
      for y in 0..<height {
        for x in 0..<width {
          let byte = bytes[position + y * stride + x / 8]
          output.append((byte >> UInt8(7 - x % 8)) & 1 == 1 ? 0 : 255)
        }
      }
    }
  }

  /// Samples of one byte, or of two, the high one first, if there are levels for more than 256.
  func rawSamples(_ count: Int, levels: [UInt8]) throws(ImageError) -> [UInt8] {
    let width = levels.count > 256 ? 2 : 1
    guard width * count <= bytes.count - position else {
      throw .truncated(name: name, format: .pnm)
    }
    if width == 1 {
      return bytes[position..<position + count].map { levels[Int($0)] }
    }
    return [UInt8](capacity: count) { output in
      for index in stride(from: position, to: position + 2 * count, by: 2) {
        output.append(levels[Int(bytes[index]) << 8 | Int(bytes[index + 1])])
      }
    }
  }
}
