import Foundation
import Results
import Statistics
import SwiftCSV
import TestSupport
import Testing

@Suite("Prediction table")
struct PredictionTableTests {
  private let folder: TemporaryFolder
  private let store: ResultStore
  private var path: String { "\(folder.path)/predictions.csv" }

  init() throws {
    folder = try TemporaryFolder()
    store = ResultStore(folder: "\(folder.path)/run", keepsPredictions: true)
  }

  private func predictions(_ task: String = "digits") -> [TaskPredictions] {
    [
      TaskPredictions(
        task: task,
        samples: [
          .init(
            id: "\(task)/a,b/1.png",
            scores: SampleScores(logProbabilities: [log(0.25), log(0.75)], label: 1)),
          .init(
            id: "\(task)/c/2.png", scores: SampleScores(logProbabilities: [-1e-9, -21], label: 1)),
        ])
    ]
  }

  @Test("The predictions of finished cells are joined under one header, each cell once")
  func joined() throws {
    let records = [exampleRecord(), exampleRecord(method: "other")]
    for record in records { try store.write(record, predictions: predictions()) }
    let missing = exampleRecord(method: "not run").key
    try PredictionTable.collect(
      records.map(\.key) + [missing, records[0].key], from: store, to: path)
    let table = try CSV<Named>(url: URL(filePath: path))
    #expect(
      table.header == [
        "cell", "task", "sample", "label", "predicted", "confidence", "entropy_nats", "nll_nats",
        "brier",
      ])
    #expect(table.rows.map { $0["cell"]! } == records.flatMap { [$0.key.text, $0.key.text] })
    let first = table.rows[0]
    #expect((first["sample"], first["label"], first["predicted"]) == ("digits/a,b/1.png", "1", "1"))
    #expect(Double(first["nll_nats"]!) == -log(0.75))
    #expect(abs(Double(first["brier"]!)! - 0.125) < 1e-12)
    #expect(table.rows[1]["predicted"] == "0" && Double(table.rows[1]["nll_nats"]!) == 21)
  }

  @Test("A record without predictions counts as unfinished where they are asked for")
  func unfinished() throws {
    let plain = ResultStore(folder: store.folder)
    let record = exampleRecord()
    try plain.write(record)
    #expect(plain.contains(record.key) && !store.contains(record.key))
    #expect(try store.record(of: record.key) == record, "tables have it all the same")
    // Computed again, the record that was there is kept, and gets its predictions.
    #expect(try store.write(exampleRecord(correct: 90), predictions: predictions()) == record)
    #expect(store.contains(record.key))
    #expect(try store.record(of: record.key) == record)
  }

  @Test("Predictions are never replaced; a failed cell has a file without lines")
  func writeOnce() throws {
    let record = exampleRecord()
    try store.write(record, predictions: predictions())
    let text = try String(contentsOfFile: store.predictionsPath(of: record.key), encoding: .utf8)
    try store.write(record, predictions: predictions("cars"))
    #expect(
      try String(contentsOfFile: store.predictionsPath(of: record.key), encoding: .utf8) == text)
    let failed = exampleRecord(method: "x", failure: "why")
    try store.write(failed)
    #expect(store.contains(failed.key))
    try PredictionTable.collect([failed.key], from: store, to: path)
    #expect(try CSV<Named>(url: URL(filePath: path)).rows.isEmpty)
  }

  @Test("A file that holds something else is refused by name, and the old table stays")
  func foreign() throws {
    let record = exampleRecord()
    try store.write(record, predictions: predictions())
    try PredictionTable.collect([record.key], from: store, to: path)
    let before = try Data(contentsOf: URL(filePath: path))
    let file = store.predictionsPath(of: record.key)
    try Data("nonsense".utf8).write(to: URL(filePath: file))
    let error = try #require(throws: ResultError.self) {
      try PredictionTable.collect([record.key], from: store, to: path)
    }
    #expect(error.description.contains(file))
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "predictions.csv", "run",
      ])
  }
}
