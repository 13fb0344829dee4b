import Foundation
import Results
import SwiftCSV
import TestSupport
import Testing

@Suite("Result table")
struct ResultTableTests {
  @Test("Another reader reads back every value, in full precision")
  func independentReader() throws {
    let rows = [
      exampleRow(exampleRecord(), options: "density=0.2,lambda=0.4"),
      exampleRow(exampleRecord(method: "adamerging", failure: "say \"no\",\r\ntwice")),
    ]
    let table = try CSV<Named>(string: ResultTable.csv(rows))
    #expect(table.header == ResultTable.columns.map(\.name))
    #expect(table.rows.count == 2)
    let first = table.rows[0]
    #expect(first["method"] == "ties")
    #expect(first["method_options"] == "density=0.2,lambda=0.4")
    #expect(Double(first["accuracy"]!) == 0.1 + 0.2)
    #expect(Double(first["mean_entropy"]!) == 1e-7)
    #expect((first["seed"], first["samples"], first["threads"]) == ("1", "160", "2"))
    #expect((first["status"], first["reason"], first["recipe_hash"]) == ("done", "", ""))
    #expect((first["corruption"], first["severity"], first["seen"]) == ("clean", "0", "true"))
    let second = table.rows[1]
    #expect((second["status"], second["accuracy"], second["samples"]) == ("failed", "", ""))
    #expect(second["reason"] == "say \"no\",\r\ntwice")
  }

  @Test("The issue's columns come first; every line ends with CRLF")
  func layout() {
    let text = ResultTable.csv([exampleRow(exampleRecord())])
    #expect(
      text.hasPrefix(
        "method,backbone,task,seen,corruption,severity,protocol,seed,samples,accuracy,"
          + "mean_entropy,seconds,"))
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines[2].isEmpty)
    #expect(Set(ResultTable.columns.map(\.name)).count == ResultTable.columns.count)
  }

  @Test(
    "What a spreadsheet would run is a text, and numbers are numbers",
    arguments: [
      ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-1+cmd|'/c calc'!A0", "'-1+cmd|'/c calc'!A0"),
      ("+x, y", "\"'+x, y\""), ("\t=1", "'\t=1"), ("-0.5", "-0.5"), ("+1e-3", "+1e-3"),
      ("a=b", "a=b"),
      ("", ""),
    ])
  func formulas(text: String, field: String) {
    #expect(ResultTable.field(text) == field)
  }

  @Test("Writing replaces the table, and leaves no other file")
  func replace() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/new/results.csv"
    try ResultTable.write([], to: path)
    try ResultTable.write([exampleRow(exampleRecord())], to: path)
    #expect(
      try String(contentsOfFile: path, encoding: .utf8)
        == ResultTable.csv([exampleRow(exampleRecord())]))
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/new").count == 1)
    #expect(throws: ResultError.self) { try ResultTable.write([], to: "\(path)/below/a/file") }
  }
}
