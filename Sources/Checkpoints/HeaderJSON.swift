/// A JSON value of a safetensors header. Members keep their order and their repetitions, which
/// Foundation's decoders hide: a name that occurs twice must be refused.
enum HeaderJSON: Equatable {
  case object([(key: String, value: HeaderJSON)])
  case array([HeaderJSON])
  case text(String)
  /// As written; a header's numbers are whole and may exceed any fixed width.
  case number(String)
  case word(String)

  static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.object(let a), .object(let b)): a.elementsEqual(b) { $0 == $1 }
    case (.array(let a), .array(let b)): a == b
    case (.text(let a), .text(let b)), (.number(let a), .number(let b)),
      (.word(let a), .word(let b)):
      a == b
    default: false
    }
  }

  /// Where a text stops being JSON, and why.
  struct SyntaxError: Error, Equatable {
    let offset: Int
    let reason: String
  }

  /// Parses UTF-8 that holds one value and nothing else but white space.
  static func parse(_ bytes: [UInt8]) throws(SyntaxError) -> HeaderJSON {
    var parser = HeaderJSONParser(bytes: bytes)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.error("more after the end") }
    return value
  }
}

private struct HeaderJSONParser {
  /// serde_json's limit, too: deeper nesting is an attack on the stack.
  static let maximumDepth = 128

  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  func error(_ reason: String) -> HeaderJSON.SyntaxError {
    HeaderJSON.SyntaxError(offset: position, reason: reason)
  }

  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      position += 1
    }
  }

  /// Takes `character` if it comes next, after white space.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard current == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func value(depth: Int) throws(HeaderJSON.SyntaxError) -> HeaderJSON {
    guard depth < Self.maximumDepth else { throw error("nested too deep") }
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "-"): return try number()
    case let digit? where digit >= UInt8(ascii: "0") && digit <= UInt8(ascii: "9"):
      return try number()
    case nil: throw error("it ends too early")
    default: return try word()
    }
  }

  mutating func object(depth: Int) throws(HeaderJSON.SyntaxError) -> HeaderJSON {
    position += 1
    var members: [(key: String, value: HeaderJSON)] = []
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw error("a name in quotes is expected") }
      let key = try text()
      guard take(":") else { throw error("':' is expected") }
      members.append((key, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw error("',' or '}' is expected") }
    return .object(members)
  }

  mutating func array(depth: Int) throws(HeaderJSON.SyntaxError) -> HeaderJSON {
    position += 1
    var elements: [HeaderJSON] = []
    if take("]") { return .array(elements) }
    repeat { elements.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw error("',' or ']' is expected") }
    return .array(elements)
  }

  mutating func word() throws(HeaderJSON.SyntaxError) -> HeaderJSON {
    for word in ["true", "false", "null"] where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return .word(word)
    }
    throw error("a value is expected")
  }

  mutating func number() throws(HeaderJSON.SyntaxError) -> HeaderJSON {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    let firstDigit = position
    try digits()
    if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 {
      throw error("a number starts with 0")
    }
    if current == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  mutating func digits() throws(HeaderJSON.SyntaxError) {
    let start = position
    while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    guard position > start else { throw error("a digit is expected") }
  }

  mutating func text() throws(HeaderJSON.SyntaxError) -> String {
    position += 1
    var content: [UInt8] = []
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &content)
      case 0..<0x20: throw error("a control character in a text")
      default: content.append(byte)
      }
    }
    throw error("a text without its end")
  }

  mutating func escape(into content: inout [UInt8]) throws(HeaderJSON.SyntaxError) {
    guard let byte = current else { throw error("a text without its end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0c)
    case UInt8(ascii: "n"): content.append(0x0a)
    case UInt8(ascii: "r"): content.append(0x0d)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xd800..<0xdc00).contains(code), bytes[position...].starts(with: [0x5c, 0x75]) {
        position += 2
        let low = try hexadecimal()
        guard (0xdc00..<0xe000).contains(low) else { throw error("half a surrogate pair") }
        code = 0x1_0000 + (code - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw error("half a surrogate pair") }
      content += Array(String(Character(scalar)).utf8)
    default: throw error("an unknown escape in a text")
    }
  }

  mutating func hexadecimal() throws(HeaderJSON.SyntaxError) -> UInt32 {
    guard position + 4 <= bytes.count,
      bytes[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw error("four hexadecimal digits are expected") }
    position += 4
    return code
  }
}
