/// RFC 4180: fields apart by commas, or another separator, quoted where they hold commas, quotes (doubled) or line
/// breaks; lines end with LF or CRLF; empty lines and a byte order mark are left out.
package enum CSVReader {
  package struct Record: Equatable {
    package let line: Int
    package var fields: [String]
  }

  /// - Parameter separator: of ASCII.
  package static func records(
    of text: String, path: String, separator: Character = ","
  ) throws(StreamError) -> [Record] {
    let separator = separator.asciiValue!
    let bytes = Array(
      text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? text.utf8.dropFirst(3) : text.utf8[...])
    var records: [Record] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var (position, line, firstLine) = (0, 1, 1)
    var wasQuoted = false

    func endRecord() {
      fields.append(String(decoding: field, as: UTF8.self))
      if fields.count > 1 || !fields[0].isEmpty || wasQuoted {
        records.append(Record(line: firstLine, fields: fields))
      }
      (fields, field, wasQuoted) = ([], [], false)
    }

    while position < bytes.count {
      switch bytes[position] {
      case separator:
        fields.append(String(decoding: field, as: UTF8.self))
        (field, wasQuoted) = ([], false)
      case UInt8(ascii: "\n"):
        if field.last == UInt8(ascii: "\r") { field.removeLast() }
        endRecord()
        line += 1
        firstLine = line
      case UInt8(ascii: "\""):
        guard field.isEmpty, !wasQuoted else {
          throw .malformedManifest(
            path: path, line: line, problem: "a quote inside a field that does not begin with one")
        }
        wasQuoted = true
        let opened = line
        while true {
          position += 1
          guard position < bytes.count else {
            throw .malformedManifest(path: path, line: opened, problem: "a quote is not closed")
          }
          if bytes[position] == UInt8(ascii: "\"") {
            guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\"") else {
              break
            }
            position += 1
          } else if bytes[position] == UInt8(ascii: "\n") {
            line += 1
          }
          field.append(bytes[position])
        }
      case let byte:
        guard !wasQuoted || byte == UInt8(ascii: "\r") else {
          throw .malformedManifest(
            path: path, line: line, problem: "text after a field's closing quote")
        }
        field.append(byte)
      }
      position += 1
    }
    if !field.isEmpty || !fields.isEmpty || wasQuoted { endRecord() }
    return records
  }
}
