import Foundation
import Reports
import Testing

@Suite("CSV files")
struct CSVFileTests {
  private func read(_ text: String) throws(ReportError) -> CSVFile {
    try CSVFile(Array(text.utf8), path: "a.csv")
  }

  @Test("Quotes hold commas, line breaks and quotes; lines end with CRLF or LF, the last with none")
  func rfc4180() throws {
    let file = try read("\u{FEFF}a,b\r\n\"1,\"\"x\"\"\r\n2\",\n3,\"\"")
    #expect(file.header == ["a", "b"])
    #expect(file.lines.map(\.fields) == [["1,\"x\"\r\n2", ""], ["3", ""]])
    // The field of the second line spans two lines of the file.
    #expect(file.lines.map(\.number) == [2, 4])
  }

  @Test(
    "What is not CSV is refused with its line and position",
    arguments: [
      ("a,b\n1,x\"y\n", 2, 4), ("a,b\n1,\"x\n2\n", 2, 3), ("a,b\n\"é\"x,2\n", 2, 4),
      ("a,b\n1\r2,3\n", 2, 2), ("", 1, 1),
    ])
  func syntax(text: String, line: Int, position: Int) {
    #expect {
      try read(text)
    } throws: { error in
      guard case ReportError.notCSV("a.csv", line, position, _) = error else { return false }
      return "\(error)".hasPrefix("a.csv:\(line):\(position): not CSV")
    }
  }

  @Test("A line with too many or too few fields is refused")
  func fieldCount() {
    for (line, got) in [("1,2,3", 3), ("1", 1)] {
      #expect(throws: ReportError.fieldCount(path: "a.csv", line: 3, expected: 2, got: got)) {
        try read("a,b\n1,2\n\(line)\n")
      }
    }
  }

  @Test("A column that is there twice is refused; so are bytes that are not UTF-8")
  func header() throws {
    #expect(throws: ReportError.repeatedColumn(path: "a.csv", column: "a")) { try read("a,b,a\n") }
    let path = FileManager.default.temporaryDirectory
      .appending(path: "mergeshift-\(UUID().uuidString).csv").path(percentEncoded: false)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data([0x61, 0xFF]).write(to: URL(filePath: path))
    #expect(throws: ReportError.unreadable(path: path, reason: "it is no text in UTF-8")) {
      try CSVFile(path: path)
    }
    #expect(throws: ReportError.unreadable(path: "no.csv", reason: "no such file")) {
      try CSVFile(path: "no.csv")
    }
    try FileManager.default.removeItem(atPath: path)
    #expect(unsafe mkfifo(path, 0o600) == 0)
    #expect {
      try CSVFile(path: path)
    } throws: {
      "\($0)".contains("it is a pipe")
    }
  }

  @Test(
    "A long line of quoted fields takes time in proportion to its length", .timeLimit(.minutes(10)))
  func longLine() throws {
    let fields = (0..<200_000).map { "\"\($0)\"" }.joined(separator: ",")
    #expect(try read("\(fields)\n").header.count == 200_000)
  }

  @Test("Columns are found by name; one that has to be there and is not is named")
  func columns() throws {
    let file = try read("new,seen\n0.5,true\n")
    #expect(try file.share("older", "new")(file.lines[0]) == 0.5)
    #expect(try file.share("other").optional(file.lines[0]) == nil)
    #expect(throws: ReportError.missingColumn(path: "a.csv", column: "accuracy")) {
      try file.share("accuracy", isRequired: true)
    }
  }
}
