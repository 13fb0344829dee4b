import Foundation
import Launching
import Results
import TestSupport
import Testing

@Suite("Run status")
struct RunStatusTests {
  private let folder: TemporaryFolder
  private let store: ResultStore
  private let cells: [(cell: RunManifest.Cell, record: CellRecord)]

  init() throws {
    folder = try TemporaryFolder()
    store = ResultStore(folder: folder.path)
    cells = (0..<6).map { index in
      exampleCell(
        "cell \(index)", unit: exampleKey(index % 2, of: 2, "\(index)"),
        failure: index == 1 ? "no images" : nil)
    }
    try RunManifest(plan: "tiny", backbone: "b", codeVersion: "1", cells: cells.map(\.cell))
      .begin(in: folder.path, planText: "name: tiny\n")
  }

  private func workers() throws {
    var log = WorkerLog(exampleHolder(0, host: "n1", job: "9_0"))
    try log.write(to: folder.path)
    log = WorkerLog(exampleHolder(1, host: "n2"))
    log.state = .stopped(reason: "time limit")
    try log.write(to: folder.path)
  }

  @Test("Cells are counted by shard from the files")
  func counts() throws {
    try workers()
    for example in cells.prefix(3) { try store.write(example.record) }
    var claims = Claims(
      results: folder.path, holder: exampleHolder(0), timeToLive: .seconds(60))
    #expect(try claims.take(cells[4].cell.unit) == .taken)
    let status = try RunStatus(of: folder.path)
    #expect(status.counts.map(\.done) == [2, 0])
    #expect(status.counts.map(\.failed) == [0, 1])
    #expect(status.counts.map(\.running) == [1, 0])
    #expect(status.counts.map(\.missing) == [0, 2])
    #expect(!status.isComplete)
    #expect(status.rows.count == 6, "three records of two tasks")
    #expect(status.text.contains("0/2"))
    #expect(status.text.contains("running on n1, job 9_0"))
    #expect(status.text.contains("stopped on n2: time limit"))
    let gaps = status.gapsText()
    #expect(gaps.contains("failed, shard 1: cell 1: no images"))
    #expect(gaps.contains("missing, shard 1: 2 cells, as cell 3 (stopped on n2: time limit)"))
  }

  @Test("A claim and a worker without a word for long are not taken for running")
  func silence() throws {
    try workers()
    var claims = Claims(
      results: folder.path, holder: exampleHolder(0), timeToLive: .seconds(60))
    #expect(try claims.take(cells[4].cell.unit) == .taken)
    let status = try RunStatus(of: folder.path, now: .now + 3600)
    #expect(status.total.running == 0 && status.total.missing == 6)
    #expect(status.text.contains("lost: no word from the worker on n1"))
  }

  @Test(
    "Files of workers that say what can't be are passed over",
    arguments: [
      (#""index":1"#, #""index":7"#), (#""index":1"#, #""index":-1"#),
      (#""count":2"#, #""count":4611686018427387904"#), (#""count":2"#, #""count":0"#),
    ])
  func hostileWorkers(part: String, other: String) throws {
    try WorkerLog(exampleHolder(1, host: "n2")).write(to: folder.path)
    var claims = Claims(
      results: folder.path, holder: exampleHolder(1), timeToLive: .seconds(60))
    #expect(try claims.take(cells[0].cell.unit) == .taken)
    for name in ["workers/1-of-2.json", "claims/\(cells[0].cell.unit)/holder.json"] {
      let text = try String(contentsOfFile: "\(folder.path)/run/\(name)", encoding: .utf8)
      #expect(text.contains(part))
      try folder.write(text.replacing(part, with: other), to: "run/\(name)")
    }
    #expect(WorkerLog.all(of: folder.path).isEmpty)
    #expect(claims.holder(of: cells[0].cell.unit) == nil)
    #expect(try RunStatus(of: folder.path).counts.count == 1)
  }

  @Test("The rate and the time left come from the records' dates")
  func rate() throws {
    for (place, example) in cells.prefix(4).enumerated() {
      try store.write(example.record)
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_000_000 + Double(place) * 30)],
        ofItemAtPath: store.path(of: example.record.key))
    }
    let status = try RunStatus(of: folder.path)
    let rate = try #require(status.rate)
    #expect(abs(rate - 1.0 / 30) < 1e-9)
    #expect(status.text.contains("2.0 cells a minute lately: about 60 s left for 2 cells"))
  }

  @Test("A run of which all is done has no gaps")
  func complete() throws {
    for example in cells where example.record.failure == nil { try store.write(example.record) }
    try store.write(cells[1].record)
    let status = try RunStatus(of: folder.path, shards: 3)
    #expect(status.isComplete && status.counts.count == 3)
    #expect(status.total.done == 5 && status.total.failed == 1)
    #expect(status.gapsText().contains("no images"))
  }

  @Test("A folder without a run is said so")
  func noRun() throws {
    let error = try #require(throws: ResultError.self) { try RunStatus(of: "\(folder.path)/x") }
    #expect(error.description.contains("no plan was run there"))
  }
}
