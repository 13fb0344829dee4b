internal import Foundation

/// What a field of a table holds; decides how it is written.
public enum CSVField: Hashable, Sendable {
  case text(String)
  case integer(Int)
  /// Written with as many digits as tell it from every other double.
  case number(Double)
  case flag(Bool)
  /// Not measured: an empty field.
  case missing

  init(_ value: Int?) { self = value.map { .integer($0) } ?? .missing }
  init(_ value: Double?) { self = value.map { .number($0) } ?? .missing }

  /// As it stands in a file.
  ///
  /// Text that a spreadsheet would run as a formula, because it begins with `=`, `+`, `-`, `@`, a
  /// tab or a line break, gets an apostrophe before it, which spreadsheets take for "text" (OWASP,
  /// CSV injection). So does text that begins with apostrophes and then one of these, so that
  /// `readText` gives every text back. Numbers stay numbers.
  package var encoded: String {
    switch self {
    case .text(let text): Self.quoted(Self.mayRun(text) ? "'" + text : text)
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .flag(let value): value ? "true" : "false"
    case .missing: ""
    }
  }

  /// The text of a field that was written as one.
  package static func readText(_ field: String) -> String {
    field.utf8.first == UInt8(ascii: "'") && mayRun(field) ? String(field.dropFirst()) : field
  }

  /// Whether a spreadsheet would run the text, or would without the apostrophes that it begins with.
  private static func mayRun(_ text: String) -> Bool {
    text.utf8.first { $0 != UInt8(ascii: "'") }.map { "=+-@\t\r\n".utf8.contains($0) } ?? false
  }

  /// In quotes where a comma, a quote or a line break needs them.
  package static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

/// A tidy table as a CSV file: RFC 4180, UTF-8, a header, CRLF after every line.
public struct CSVTable<Row>: Sendable {
  /// A column of the table.
  public struct Column: Sendable {
    /// As the header shows it.
    public let name: String
    let value: @Sendable (Row) -> CSVField

    init(_ name: String, _ value: @escaping @Sendable (Row) -> CSVField) {
      self.name = name
      self.value = value
    }
  }

  /// In order.
  public let columns: [Column]

  init(_ columns: [Column]) {
    self.columns = columns
  }

  /// The table as text.
  public func csv(_ rows: some Sequence<Row>) -> String {
    header + lines(rows)
  }

  /// Writes the table in the place of whatever `path` holds; a reader sees the old one or the new.
  public func write(_ rows: some Sequence<Row>, to path: String) throws(ResultError) {
    try AtomicFile.replace(path, with: Data(csv(rows).utf8))
  }

  var header: String {
    columns.map { CSVField.quoted($0.name) }.joined(separator: ",") + "\r\n"
  }

  func lines(_ rows: some Sequence<Row>) -> String {
    var text = ""
    for row in rows {
      text += columns.map { $0.value(row).encoded }.joined(separator: ",")
      text += "\r\n"
    }
    return text
  }
}
