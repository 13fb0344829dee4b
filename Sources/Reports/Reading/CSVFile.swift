internal import Inputs

/// A CSV file of a run: its header and its lines, fields by column name.
///
/// RFC 4180: fields in quotes may hold commas, line breaks and doubled quotes; lines end with CRLF
/// or LF, the last one with or without. A byte order mark is skipped.
package struct CSVFile: Sendable {
  package struct Line: Sendable {
    /// Of its first character, from 1.
    package let number: Int
    package let fields: [String]
  }

  package let path: String
  package let header: [String]
  package let lines: [Line]
  private let places: [String: Int]

  package init(path: String) throws(ReportError) {
    let text: String
    do {
      text = try InputFile.text(path, limit: .textBytes)
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
    try self.init(Array(text.utf8), path: path)
  }

  /// - Parameter bytes: UTF-8.
  package init(_ bytes: [UInt8], path: String) throws(ReportError) {
    var parser = Parser(bytes: bytes, path: path)
    guard let first = try parser.nextLine() else {
      throw .notCSV(path: path, line: 1, position: 1, reason: "the file is empty")
    }
    var places: [String: Int] = [:]
    for (index, name) in first.fields.enumerated() {
      guard places.updateValue(index, forKey: name) == nil else {
        throw .repeatedColumn(path: path, column: name)
      }
    }
    var lines: [Line] = []
    while let line = try parser.nextLine() {
      guard line.fields.count == first.fields.count else {
        throw .fieldCount(
          path: path, line: line.number, expected: first.fields.count, got: line.fields.count)
      }
      lines.append(line)
    }
    self.path = path
    self.header = first.fields
    self.lines = lines
    self.places = places
  }

  /// The place of the first of `names` that the header has; the others are its older names.
  package func place(_ names: [String]) -> Int? {
    names.lazy.compactMap { places[$0] }.first
  }
}

extension CSVFile {
  private struct Parser {
    let bytes: [UInt8]
    let path: String
    private var position: Int
    private var line = 1
    private var lineStart: Int

    init(bytes: [UInt8], path: String) {
      self.bytes = bytes
      self.path = path
      position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      lineStart = position
    }

    /// The next line that is not blank; nil at the end.
    mutating func nextLine() throws(ReportError) -> Line? {
      while position < bytes.count, takeLineEnd() {}
      guard position < bytes.count else { return nil }
      let number = line
      var fields: [String] = []
      while true {
        fields.append(try bytes[position...].first == quote ? quotedField() : plainField())
        if position == bytes.count || takeLineEnd() { break }
        guard bytes[position] == comma else {
          throw error("a comma or the end of the line belongs after a closing quote")
        }
        position += 1
      }
      return Line(number: number, fields: fields)
    }

    private mutating func plainField() throws(ReportError) -> String {
      let start = position
      while position < bytes.count, bytes[position] != comma, bytes[position] != newline,
        bytes[position] != carriageReturn
      {
        if bytes[position] == quote {
          throw error("a quote inside a field that has none around it")
        }
        position += 1
      }
      if position < bytes.count, bytes[position] == carriageReturn,
        position + 1 == bytes.count || bytes[position + 1] != newline
      {
        throw error("a carriage return without a line feed")
      }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quotedField() throws(ReportError) -> String {
      let opening = self
      position += 1
      var field: [UInt8] = []
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        if byte == quote {
          guard position < bytes.count, bytes[position] == quote else {
            return String(decoding: field, as: UTF8.self)
          }
          position += 1
        } else if byte == newline {
          line += 1
          lineStart = position
        }
        field.append(byte)
      }
      throw opening.error("this quote is never closed")
    }

    private mutating func takeLineEnd() -> Bool {
      let hasReturn = bytes[position] == carriageReturn
      let end = hasReturn ? position + 1 : position
      guard end < bytes.count, bytes[end] == newline else { return false }
      position = end + 1
      line += 1
      lineStart = position
      return true
    }

    private func error(_ reason: String) -> ReportError {
      let characters = String(decoding: bytes[lineStart..<position], as: UTF8.self).count
      return .notCSV(path: path, line: line, position: characters + 1, reason: reason)
    }

    private var quote: UInt8 { UInt8(ascii: "\"") }
    private var comma: UInt8 { UInt8(ascii: ",") }
    private var newline: UInt8 { UInt8(ascii: "\n") }
    private var carriageReturn: UInt8 { UInt8(ascii: "\r") }
  }
}
