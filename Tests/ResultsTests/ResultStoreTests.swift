import Foundation
import Results
import TensorCore
import TestSupport
import Testing

@Suite("Result store")
struct ResultStoreTests {
  private let folder: TemporaryFolder
  private let store: ResultStore

  init() throws {
    folder = try TemporaryFolder()
    store = ResultStore(folder: "\(folder.path)/run")
  }

  private func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { !$0.hasSuffix("/") && URL(filePath: $0).pathExtension != "" }
  }

  @Test("A measured cell and a failed one come back as they were written")
  func roundTrip() throws {
    for record in [exampleRecord(), exampleRecord(method: "x", failure: "task digits: \"no\"\n")] {
      #expect(try store.record(of: record.key) == nil)
      #expect(!store.contains(record.key))
      #expect(try store.write(record) == record)
      #expect(store.contains(record.key))
      #expect(try store.record(of: record.key) == record)
    }
  }

  @Test("A record is never replaced, and leaves no other file behind")
  func writeOnce() throws {
    let first = exampleRecord(correct: 80)
    #expect(try store.write(first) == first)
    #expect(try store.write(exampleRecord(correct: 150)) == first)
    #expect(try store.record(of: first.key) == first)
    #expect(try files() == ["run/\(first.key.path)"])
  }

  @Test("Of many writers of one cell one wins, and the record is whole")
  func race() throws {
    let store = store
    let told = try Parallel.map(64) { index in try store.write(exampleRecord(correct: index)) }
    let kept = try #require(try store.record(of: exampleRecord().key))
    #expect(told.allSatisfy { $0 == kept })
    #expect((0..<64).contains { kept == exampleRecord(correct: $0) })
    #expect(try files().count == 1)
  }

  @Test("Torn, foreign and future records are refused, with the file's name")
  func broken() throws {
    let record = exampleRecord()
    let path = store.path(of: record.key)
    try store.write(record)
    let text = try String(contentsOfFile: path, encoding: .utf8)

    func refused(_ replacement: String) throws -> String {
      try Data(replacement.utf8).write(to: URL(filePath: path))
      let error = try #require(throws: ResultError.self) { try store.record(of: record.key) }
      return error.description
    }
    #expect(try refused(String(text.dropLast(20))).hasPrefix("\(path): not a readable cell record"))
    #expect(try refused("").contains("delete the file"))
    #expect(
      try refused(text.replacing("\"schemaVersion\":2", with: "\"schemaVersion\":3"))
        .contains("schema version 3"))
    #expect(
      try refused(text.replacing("\"bits\":\"", with: "\"bits\":\"AAAA"))
        .contains("does not hold 160 outcomes"))
    #expect(try refused(text.replacing("\"seconds\"", with: "\"second\"")).contains("'seconds'"))
    #expect(try refused(text.replacing("\"ties\"", with: "\"tie\"")).contains("holds the record"))
    #expect(
      try refused(text.replacing("\"samples\":80}", with: "\"samples\":81}"))
        .contains("'digits' has not the same samples everywhere"))
  }

  @Test(
    "A record whose lists are not as long as each other is refused",
    arguments: [
      (#""experts":["digits"]"#, #""experts":[]"#), (#""layers":["w"]"#, #""layers":["w","v"]"#),
      (#""meanEntropies":[0.5]"#, #""meanEntropies":[]"#),
      (#""coefficients":[0.25]"#, #""coefficients":[0.25,1]"#),
    ])
  func inconsistent(list: String, other: String) throws {
    let record = exampleRecord(
      adaptation: AdaptationSummary(
        experts: ["digits"], layers: ["w"], coefficients: [0.5], clampedShare: nil, steps: 1,
        secondsPerStep: 1,
        trajectory: [
          AdaptationSummary.Step(
            step: 1, loss: 1, coefficients: [0.25], tasks: ["digits"], meanEntropies: [0.5],
            largestClassShares: [0.5], meanPredictionEntropies: [1])
        ]))
    try store.write(record)
    let path = store.path(of: record.key)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(list))
    try folder.write(text.replacing(list, with: other), to: "run/\(record.key.path)")
    let error = try #require(throws: ResultError.self) { try store.record(of: record.key) }
    #expect(error.description.hasPrefix("\(path): not a readable cell record"), "\(error)")
  }

  @Test("A pipe in the place of a record is refused, not waited for")
  func pipe() throws {
    let record = exampleRecord()
    let path = store.path(of: record.key)
    try folder.write("", to: "run/\(record.key.path).txt")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    let error = try #require(throws: ResultError.self) { try store.record(of: record.key) }
    #expect(error.description.contains("it is a pipe"), "\(error)")
  }

  @Test("A folder that can't be written is said so")
  func unwritable() throws {
    let path = try folder.write("a file, not a folder", to: "taken")
    let store = ResultStore(folder: path)
    #expect(throws: ResultError.self) { try store.write(exampleRecord()) }
  }
}
