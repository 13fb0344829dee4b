internal import CXXHash

/// XXH3-128 of a content: names cells and recipes, and tells weights apart. Not cryptographic.
public struct ContentHash: Hashable, Sendable, CustomStringConvertible {
  public let high: UInt64
  public let low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public init(of bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBytes { unsafe Self($0) }
  }

  public init(of bytes: [UInt8]) {
    self = unsafe bytes.withUnsafeBytes { unsafe Self($0) }
  }

  public init(of floats: [Float]) {
    self = unsafe floats.withUnsafeBytes { unsafe Self($0) }
  }

  public init(of text: String) {
    self.init(of: Array(text.utf8))
  }

  private init(_ buffer: UnsafeRawBufferPointer) {
    let hash = unsafe XXH3_128bits(buffer.baseAddress, buffer.count)
    high = hash.high64
    low = hash.low64
  }

  /// 32 hexadecimal digits, as `xxh128sum` prints them.
  public var description: String {
    let digits = [high, low].map { part in
      let text = String(part, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    return digits.joined()
  }
}
