/// Numbers in bytes, small ones in few: seven bits a byte, the lowest first; the highest bit says that more
/// follow (LEB128).
extension [UInt8] {
  /// - Parameter number: at least 0.
  mutating func append(number: Int) {
    var left = number
    while left >= 0x80 {
      append(UInt8(left & 0x7f) | 0x80)
      left >>= 7
    }
    append(UInt8(left))
  }

  /// The number that begins at `position`, which moves on to what follows it.
  func number(at position: inout Int) -> Int {
    var (number, shift) = (0, 0)
    while true {
      let byte = self[position]
      position += 1
      number |= Int(byte & 0x7f) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
  }
}
