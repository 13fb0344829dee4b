/// PNG files byte by byte, lawful or not (PNG specification, third edition): samples lie in stored
/// blocks, so that no compressor is needed.
public struct PNGFile: Sendable {
  /// A chunk's type and content.
  public typealias Chunk = (type: String, content: [UInt8])

  public var chunks: [Chunk]

  public static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// An image of rows of zeros, with no filter.
  ///
  /// - Parameters:
  ///   - color: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.
  ///   - samples: the compressed rows with their filter bytes; nil: zeros.
  public init(
    width: Int, height: Int, depth: Int = 8, color: Int = 2, compression: UInt8 = 0,
    filter: UInt8 = 0, interlace: UInt8 = 0, palette: [UInt8]? = nil, samples: [UInt8]? = nil
  ) {
    let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][color] ?? 1
    let row = 1 + (width * depth * channels + 7) / 8
    let header =
      Self.number(width) + Self.number(height)
      + [UInt8(depth), UInt8(color), compression, filter, interlace]
    chunks = [("IHDR", header)]
    if let palette { chunks.append(("PLTE", palette)) }
    let rows = samples ?? [UInt8](repeating: 0, count: min(row * height, 60_000))
    chunks += [("IDAT", Self.stored(rows)), ("IEND", [])]
  }

  public var bytes: [UInt8] { Self.signature + chunks.flatMap { Self.bytes(of: $0) } }

  /// The offset of the chunk `type`, of its length field.
  public func offset(of type: String) -> Int {
    var offset = Self.signature.count
    for chunk in chunks {
      if chunk.type == type { return offset }
      offset += 12 + chunk.content.count
    }
    preconditionFailure("no chunk \(type)")
  }

  /// A chunk with its length and checksum.
  public static func bytes(of chunk: Chunk) -> [UInt8] {
    let body = Array(chunk.type.utf8) + chunk.content
    return number(chunk.content.count) + body + number(Int(crc(body)))
  }

  /// Four bytes, the high one first.
  static func number(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  /// A zlib stream of one stored block.
  public static func stored(_ content: [UInt8]) -> [UInt8] {
    precondition(content.count <= 65_535, "one block")
    let (low, high) = (UInt8(content.count & 255), UInt8(content.count >> 8))
    var (a, b) = (1, 0)
    for byte in content {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return [0x78, 0x01, 0x01, low, high, ~low, ~high] + content + number(b << 16 | a)
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var value = UInt32.max
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
    }
    return ~value
  }
}
