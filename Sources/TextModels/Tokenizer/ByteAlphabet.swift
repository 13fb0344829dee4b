/// The characters that stand for bytes in byte-level vocabularies (GPT-2): printable Latin-1
/// characters for their own code, and U+0100 and up for the other bytes, in their order.
enum ByteAlphabet {
  /// The character of each byte, as a text.
  static let characters: [String] = {
    var next: UInt32 = 0x100
    return (UInt32(0)...255).map { byte in
      if isPrintable(byte) { return String(Character(Unicode.Scalar(UInt8(byte)))) }
      defer { next += 1 }
      return Unicode.Scalar(next).map { String(Character($0)) }!
    }
  }()

  private static func isPrintable(_ byte: UInt32) -> Bool {
    (0x21...0x7e).contains(byte) || (0xa1...0xac).contains(byte) || (0xae...0xff).contains(byte)
  }
}
