import Results
import SwiftCSV
import Testing

@Suite("Reliability table")
struct ReliabilityTableTests {
  @Test("Every bin of a cell's tasks has a line, an empty one without figures; a cell stands once")
  func bins() throws {
    let record = exampleRecord()
    let rows = [
      exampleRow(record), exampleRow(record, experiment: "again"),
      exampleRow(exampleRecord(method: "x", failure: "why")),
    ]
    let table = try CSV<Named>(
      string: ReliabilityTable.table.csv(ReliabilityTable.rows(rows)))
    #expect(
      table.header == [
        "cell", "task", "bin", "lower", "upper", "samples", "mean_confidence", "accuracy",
      ])
    #expect(table.rows.count == 15)
    #expect(table.rows.map { Int($0["bin"]!) } == Array(0..<15))
    #expect(table.rows.allSatisfy { $0["cell"] == record.key.text && $0["task"] == "digits" })
    // 0.9 lies in (13/15, 14/15], 0.5 in (7/15, 8/15].
    let filled = table.rows.filter { $0["samples"] != "0" }
    #expect(filled.map { $0["bin"]! } == ["7", "13"])
    #expect(filled.map { $0["samples"]! } == ["80", "80"])
    #expect(filled.map { $0["accuracy"]! } == ["0.0", "0.6"])
    #expect(abs(Double(filled[1]["mean_confidence"]!)! - 0.9) < 1e-12)
    #expect(Double(filled[1]["lower"]!) == 13 / 15.0)
    #expect(table.rows[0]["accuracy"] == "" && table.rows[0]["mean_confidence"] == "")
  }
}
