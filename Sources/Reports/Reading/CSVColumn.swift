/// A column of a CSV file, found by name, with what its fields have to be.
package struct CSVColumn<Value: Sendable>: Sendable {
  private let name: String
  private let place: Int?
  private let path: String
  private let expected: String
  private let parse: @Sendable (String) -> Value?

  fileprivate init(
    _ file: CSVFile, _ names: [String], isRequired: Bool, expected: String,
    parse: @escaping @Sendable (String) -> Value?
  ) throws(ReportError) {
    place = file.place(names)
    if isRequired, place == nil { throw .missingColumn(path: file.path, column: names[0]) }
    name = place.map { file.header[$0] } ?? names[0]
    path = file.path
    self.expected = expected
    self.parse = parse
  }

  /// The field of `line`; nil where it is empty or the file has no such column.
  package func optional(_ line: CSVFile.Line) throws(ReportError) -> Value? {
    guard let place, !line.fields[place].isEmpty else { return nil }
    return try value(line, line.fields[place])
  }

  /// The field of `line`, which must not be empty.
  package func callAsFunction(_ line: CSVFile.Line) throws(ReportError) -> Value {
    try value(line, place.map { line.fields[$0] } ?? "")
  }

  private func value(_ line: CSVFile.Line, _ text: String) throws(ReportError) -> Value {
    guard let value = parse(text) else {
      throw .badField(
        path: path, line: line.number, column: name, value: text, expected: expected)
    }
    return value
  }
}

extension CSVFile {
  /// Any text, empty where the file has no such column.
  package func text(_ names: String..., isRequired: Bool = false) throws(ReportError) -> CSVColumn<
    String
  > {
    try CSVColumn(self, names, isRequired: isRequired, expected: "text") { $0 }
  }

  /// Text that is not empty.
  package func name(_ names: String...) throws(ReportError) -> CSVColumn<String> {
    try CSVColumn(self, names, isRequired: true, expected: "a name") { $0.isEmpty ? nil : $0 }
  }

  /// What is larger was never measured, and neither sums nor axes have to hold it.
  package static let largestNumber = 1e15

  /// A number in `range`.
  package func number(
    _ names: String..., in range: ClosedRange<Double> = -largestNumber...largestNumber,
    isRequired: Bool = false
  ) throws(ReportError) -> CSVColumn<Double> {
    try CSVColumn(
      self, names, isRequired: isRequired,
      expected: "a number from \(range.lowerBound) to \(range.upperBound)"
    ) { Double($0).flatMap { range.contains($0) ? $0 : nil } }
  }

  /// A number from 0 to 1.
  package func share(_ names: String..., isRequired: Bool = false) throws(ReportError) -> CSVColumn<
    Double
  > {
    try CSVColumn(self, names, isRequired: isRequired, expected: "a number from 0 to 1") {
      Double($0).flatMap { (0...1).contains($0) ? $0 : nil }
    }
  }

  /// A whole number in `range`; the sum over a file of those up to a billion is a number too.
  package func count(
    _ names: String..., in range: ClosedRange<Int> = 0...1_000_000_000, isRequired: Bool = false
  ) throws(ReportError) -> CSVColumn<Int> {
    try CSVColumn(
      self, names, isRequired: isRequired,
      expected: "a whole number from \(range.lowerBound) to \(range.upperBound)"
    ) { Int($0).flatMap { range.contains($0) ? $0 : nil } }
  }

  package func seed(_ names: String...) throws(ReportError) -> CSVColumn<UInt64> {
    try CSVColumn(self, names, isRequired: true, expected: "a whole number of at least 0") {
      UInt64($0)
    }
  }

  package func flag(_ names: String..., isRequired: Bool = false) throws(ReportError) -> CSVColumn<
    Bool
  > {
    try CSVColumn(self, names, isRequired: isRequired, expected: "true or false") {
      ["true": true, "false": false][$0]
    }
  }

  /// One of `choices`.
  package func choice(_ names: String..., of choices: [String]) throws(ReportError) -> CSVColumn<
    String
  > {
    try CSVColumn(
      self, names, isRequired: false, expected: "one of \(choices.joined(separator: ", "))"
    ) { choices.contains($0) ? $0 : nil }
  }
}
