import Foundation
import Results
import TensorCore
import TestSupport
import Testing

@Suite("Run manifest")
struct RunManifestTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func cell(_ name: String, unit: String? = nil, experiment: String = "x")
    -> RunManifest.Cell
  {
    RunManifest.Cell(
      key: CellKey(["cell": name]), unit: CellKey(["unit": unit ?? name]), title: name,
      experiment: experiment, method: "ties", methodOptions: "lambda=0.4", isGridPoint: true,
      seen: ["digits"], unseen: ["scenes"], protocolName: "unseen", adaptStream: "none",
      evaluateStream: "fog-2.5", boundary: 2, corruption: "fog", severity: 2.5, profile: "p",
      adaptation: "paper")
  }

  private func manifest(
    _ names: [String] = ["a", "b"], plan: String = "demo", code: String = "1"
  ) -> RunManifest {
    RunManifest(plan: plan, backbone: "vit", codeVersion: code, cells: names.map { cell($0) })
  }

  @Test("A manifest comes back from its folder, beside a copy of the plan")
  func roundTrip() throws {
    try manifest().begin(in: folder.path, planText: "name: demo\n")
    #expect(try RunManifest(of: folder.path) == manifest())
    #expect(
      try String(contentsOfFile: "\(folder.path)/run/plan.yaml", encoding: .utf8) == "name: demo\n")
  }

  @Test("Cells of one unit stand together, each key once")
  func units() {
    let manifest = RunManifest(
      plan: "p", backbone: "b", codeVersion: "1",
      cells: [
        cell("a", unit: "u"), cell("b"), cell("c", unit: "u"),
        cell("a", unit: "u", experiment: "y"),
      ])
    #expect(
      manifest.units.map(\.cells) == [
        [CellKey(["cell": "a"]), CellKey(["cell": "c"])], [CellKey(["cell": "b"])],
      ])
  }

  @Test("Rows say what the plan said of their cells, one for each task and experiment")
  func rows() throws {
    let record = exampleRecord()
    let own = RunManifest.Cell(
      key: record.key, unit: record.key, title: "t", experiment: "x", method: "ties",
      methodOptions: "lambda=0.4", isGridPoint: true, seen: ["digits"], unseen: ["scenes"],
      protocolName: "unseen", adaptStream: "none", evaluateStream: "fog-2.5", boundary: 2,
      corruption: "fog", severity: 2.5, profile: "p", adaptation: "paper")
    let manifest = RunManifest(
      plan: "p", backbone: "vit", codeVersion: "1", cells: [cell("missing"), own])
    let rows = manifest.rows([record.key: record])
    #expect(rows.map(\.task) == ["digits", "scenes"])
    #expect(rows.map(\.seen) == [true, false])
    #expect(rows.allSatisfy { $0.severity == 2.5 && $0.boundary == 2 && $0.isGridPoint })
    #expect(rows[0].methodOptions == "lambda=0.4" && rows[0].evaluateStream == "fog-2.5")
  }

  @Test(
    "Workers of one plan join; of another plan, other files or another program they are refused")
  func joining() throws {
    try manifest().join(in: folder.path, planText: "")
    try manifest().join(in: folder.path, planText: "")
    for (other, word) in [
      (manifest(plan: "other"), "the plan 'demo', not 'other'"),
      (manifest(["a", "c"], code: "2"), "cells of MergeShift 1, this is 2"),
      (manifest(["a"]), "2 cells, this plan with these options and files has 1"),
      (manifest(["a", "c"]), "has 2 others"),
    ] {
      let error = try #require(throws: ResultError.self) {
        try other.join(in: folder.path, planText: "")
      }
      #expect(error.description.contains(word), "\(error)")
    }
    try manifest(["a"]).begin(in: folder.path, planText: "")
    #expect(try RunManifest(of: folder.path).cells.count == 1)
  }

  @Test("A damaged manifest is refused with its file")
  func damaged() throws {
    #expect(throws: ResultError.noRun(folder: folder.path)) { try RunManifest(of: folder.path) }
    try manifest().begin(in: folder.path, planText: "")
    let path = "\(folder.path)/run/manifest.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for broken in ["{", text.replacing("\"plan\":\"demo\"", with: "\"plan\":\"other\"")] {
      try Data(broken.utf8).write(to: URL(filePath: path))
      let error = try #require(throws: ResultError.self) { try RunManifest(of: folder.path) }
      #expect(error.description.contains("run/manifest.json"))
    }
  }
}

@Suite("Run lock")
struct RunLockTests {
  @Test("Workers share a folder, and a run of one machine has it alone")
  func modes() throws {
    let folder = try TemporaryFolder()
    let workers = [
      try RunLock(folder.path, mode: .shared), try RunLock(folder.path, mode: .shared),
    ]
    #expect(throws: ResultError.inUse(folder: folder.path)) { try RunLock(folder.path) }
    for worker in workers { worker.release() }
    let alone = try RunLock(folder.path)
    #expect(throws: ResultError.inUse(folder: folder.path)) {
      try RunLock(folder.path, mode: .shared)
    }
    alone.release()
  }
}
