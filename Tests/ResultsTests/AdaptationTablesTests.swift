import Foundation
import Results
import SwiftCSV
import TestSupport
import Testing

@Suite("Tables of adaptations")
struct AdaptationTablesTests {
  private func record(online: Bool) -> CellRecord {
    let summary = AdaptationSummary(
      experts: ["digits", "signs"], layers: ["a", "b, c"], coefficients: [0.1, 0.2, 0, 1],
      clampedShare: 0.5, steps: 1, secondsPerStep: 0.25,
      trajectory: [
        AdaptationSummary.Step(
          step: 1, loss: 0.1 + 0.2, coefficients: [0.15, 0.5], tasks: ["signs"],
          meanEntropies: [0.3], largestClassShares: [0.5], meanPredictionEntropies: [1.5],
          onlineSamples: online ? [8] : nil, onlineCorrect: online ? [3] : nil)
      ])
    return exampleRecord(seed: online ? 1 : 2, adaptation: summary)
  }

  @Test("Another reader reads back every step, with its task's own coefficient")
  func steps() throws {
    let (online, offline) = (record(online: true), record(online: false))
    let rows = [exampleRow(online), exampleRow(online), exampleRow(offline)]
    let table = try CSV<Named>(string: AdaptationTables.steps(rows))
    #expect(table.rows.count == 2, "a cell stands once")
    let first = table.rows[0]
    #expect((first["cell"], first["step"], first["task"]) == (online.key.text, "1", "signs"))
    #expect(Double(first["loss"]!) == 0.1 + 0.2)
    #expect(first["coefficient"] == "0.5")
    #expect((first["online_correct"], first["online_samples"]) == ("3", "8"))
    #expect(table.rows[1]["online_correct"] == "")
  }

  @Test("Another reader reads back every coefficient")
  func coefficients() throws {
    let table = try CSV<Named>(
      string: AdaptationTables.coefficients([exampleRow(record(online: true))]))
    #expect(table.rows.map { $0["layer"]! } == ["a", "b, c", "a", "b, c"])
    #expect(table.rows.map { $0["expert"]! } == ["digits", "digits", "signs", "signs"])
    #expect(table.rows.map { Double($0["coefficient"]!) } == [0.1, 0.2, 0, 1])
  }

  @Test("Cells without an adaptation have no lines; the table of results has their columns empty")
  func none() throws {
    let steps = AdaptationTables.steps([exampleRow(exampleRecord())])
    #expect(steps.split(separator: "\r\n").count == 1)
    let rows = try CSV<Named>(
      string: ResultTable.csv([exampleRow(exampleRecord()), exampleRow(record(online: true))])
    ).rows
    for (column, value) in [("clamped_share", "0.5"), ("steps", "1"), ("seconds_per_step", "0.25")]
    {
      #expect(rows[0][column] == "" && rows[1][column] == value)
    }
    #expect((rows[1]["adapt_stream"], rows[1]["boundary"]) == ("none", ""))
  }

  @Test("A record with an adaptation comes back as it was written")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let store = ResultStore(folder: folder.path)
    let record = record(online: true)
    try store.write(record)
    #expect(try store.record(of: record.key) == record)
  }

  @Test("A folder is one run's until it is released")
  func lock() throws {
    let folder = try TemporaryFolder()
    let lock = try RunLock("\(folder.path)/new")
    #expect(throws: ResultError.inUse(folder: "\(folder.path)/new")) {
      try RunLock("\(folder.path)/new")
    }
    try RunLock("\(folder.path)/other").release()
    lock.release()
    try RunLock("\(folder.path)/new").release()
    let file = try folder.write("x", to: "file")
    #expect(throws: ResultError.self) { try RunLock("\(file)/below") }
  }
}
