import Evaluation
import Foundation
import Results
import Synchronization
import TensorCore
import TestSupport
import Testing

@Suite("Interrupted runs and workers")
struct InterruptedRunTests {
  private let tiny: TinySuite

  init() throws {
    tiny = try TinySuite()
  }

  /// Adaptations of seven steps, with phases, predictions on the way, and cells that share one.
  private func plan() throws -> Plan {
    try tiny.plan(
      """
      methods: [task-arithmetic, adamerging-layerwise]
      steps: 7
      batches_per_step: 1
      batch_size: 2
      learning_rate: 0.05
      experiments:
        - {name: cross, protocol: cross-shift, corruptions: [clean, flat]}
        - {name: forget, protocol: continual, corruptions: [clean, flat]}
        - {name: before, protocol: online, corruptions: flat}
        - {name: after, protocol: online, corruptions: flat, evaluate: {online: adapt-then-predict}}
      """)
  }

  private func files(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "\(tiny.path)/\(folder)")) ?? []
  }

  @Test("A run that is stopped again and again comes to the same figures as one that is not")
  func stopping() throws {
    let plan = try plan()
    var whole = try tiny.runner(plan, output: "whole")
    let expected = try whole.run()
    #expect(expected.failed == 0)

    // Every sixth time that the run asks it is told to stop: an adaptation of seven steps would never
    // end if it did not go on where it was.
    let looks = Mutex(0)
    var stops = 0
    var summary: Runner.Summary?
    while summary == nil, stops < 500 {
      var runner = try tiny.runner(plan, output: "parts")
      runner.continuation.isStopping = {
        looks.withLock { looks in
          looks += 1
          return looks % 6 == 0
        }
      }
      let part = try runner.run()
      if part.left == 0 { summary = part } else { stops += 1 }
    }
    #expect(stops > 10)
    let records = try #require(summary).records
    #expect(records.map(\.record.key) == expected.records.map(\.record.key))
    for (row, other) in zip(records, expected.records) {
      #expect(row.record.outcome == other.record.outcome, "\(row.experiment)")
      #expect(row.record.adaptation?.coefficients == other.record.adaptation?.coefficients)
      #expect(row.record.adaptation?.trajectory == other.record.adaptation?.trajectory)
    }
    #expect(files("parts/run/states").isEmpty, "states go with their units")
  }

  /// The cells that each of a run's tables tells of; nil for a table that is not there.
  private static func cells(in folder: String) -> [String: Set<String>?] {
    let names = ["results", "comparisons", "reliability", "steps", "coefficients", "predictions"]
    let tables = names.map { name -> (String, Set<String>?) in
      guard
        let text = try? String(
          contentsOfFile: "\(folder)/\(name).csv", encoding: .utf8)
      else { return (name, nil) }
      let rows = text.split(separator: "\r\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      let column = rows[0].firstIndex(of: "cell")!
      return (name, Set(rows.dropFirst().map { String($0[column]) }))
    }
    return Dictionary(uniqueKeysWithValues: tables)
  }

  @Test("All tables are written while the run goes on, and tell of the same cells")
  func tables() throws {
    var runner = try tiny.runner(try plan(), output: "tables", keepsPredictions: true)
    runner.tableInterval = .zero
    let folder = runner.store.folder
    let finished = Mutex<[String]>([])
    let looks = Mutex<[[String: Set<String>?]]>([])
    _ = try runner.run { event in
      guard case .finished(_, let record) = event else { return }
      // The tables that were written after the cell before.
      let count = finished.withLock { finished in
        finished.append(record.key.text)
        return finished.count
      }
      if count == 2 { looks.withLock { $0.append(Self.cells(in: folder)) } }
    }
    let look = try #require(looks.withLock { $0.first })
    let first = Set(finished.withLock { $0.prefix(1) })
    for name in ["results", "reliability", "predictions"] {
      #expect(look[name] == .some(first), "\(name): \(String(describing: look[name]))")
    }
    // Task arithmetic does not adapt, and is what others are compared to.
    for name in ["comparisons", "steps", "coefficients"] { #expect(look[name] == .some([])) }
  }

  @Test("A run that is stopped leaves all tables, of the cells that are finished")
  func stoppedTables() throws {
    var runner = try tiny.runner(try plan(), output: "stopped", keepsPredictions: true)
    let finished = Mutex(0)
    runner.isStopping = { finished.withLock { $0 >= 5 } }
    let summary = try runner.run { event in
      if case .finished = event { finished.withLock { $0 += 1 } }
    }
    #expect(summary.computed == 5 && summary.left > 0)
    let known = Set(summary.records.map(\.record.key.text))
    let tables = Self.cells(in: runner.store.folder)
    for name in ["results", "reliability", "predictions"] { #expect(tables[name] == .some(known)) }
    let adapted = Set(
      summary.records.filter { $0.record.adaptation != nil }.map(\.record.key.text))
    #expect(!adapted.isEmpty)
    for name in ["steps", "coefficients"] { #expect(tables[name] == .some(adapted), "\(name)") }
    let compared = try #require(tables["comparisons"] ?? nil)
    #expect(!compared.isEmpty && compared.isSubset(of: known))
  }

  @Test("The state is kept now and then, so that a killed run goes on too")
  func keeping() throws {
    var runner = try tiny.runner(try plan(), output: "kept")
    runner.continuation.interval = .zero
    let folder = "kept/run/states"
    let seen = Mutex(0)
    let path = tiny.path
    _ = try runner.run { _ in
      let files = try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")
      if files?.isEmpty == false { seen.withLock { $0 += 1 } }
    }
    #expect(seen.withLock { $0 } > 0)
  }

  @Test("A state that is torn or another adaptation's is passed over")
  func unusableState() throws {
    let plan = try plan()
    var whole = try tiny.runner(plan, output: "whole")
    let expected = try whole.run()
    var runner = try tiny.runner(plan, output: "torn")
    for unit in runner.units {
      try tiny.folder.write("{\"checkpoint\": {", to: "torn/run/states/\(unit.key).state")
    }
    let summary = try runner.run()
    #expect(summary.records.map(\.record.outcome) == expected.records.map(\.record.outcome))
  }

  @Test("A state with a figure that was changed on disk is passed over")
  func changedState() throws {
    let plan = try plan()
    var whole = try tiny.runner(plan, output: "whole")
    let expected = try whole.run()
    // Stops as soon as a state was kept.
    let states = "\(tiny.path)/changed/run/states"
    var runner = try tiny.runner(plan, output: "changed")
    runner.continuation.interval = .zero
    runner.continuation.isStopping = {
      (try? FileManager.default.contentsOfDirectory(atPath: states))?.isEmpty == false
    }
    #expect(try runner.run().left > 0)
    let names = files("changed/run/states")
    #expect(!names.isEmpty)
    for name in names {
      let file = URL(filePath: "\(tiny.path)/changed/run/states/\(name)")
      let content = try Data(contentsOf: file)
      let changed = content.replacing(Data("\"raw\":[0.".utf8), with: Data("\"raw\":[1.".utf8))
      #expect(changed != content)
      try changed.write(to: file)
    }
    var again = try tiny.runner(plan, output: "changed")
    let summary = try again.run()
    #expect(summary.records.map(\.record.outcome) == expected.records.map(\.record.outcome))
    #expect(
      summary.records.map(\.record.adaptation?.coefficients)
        == expected.records.map(\.record.adaptation?.coefficients))
  }

  @Test("Units computed one at a time, in any order, make the records of a whole run")
  func units() throws {
    let plan = try plan()
    var whole = try tiny.runner(plan, output: "whole")
    let expected = try whole.run()
    var worker = try tiny.runner(plan, output: "shared")
    var computed = 0
    for unit in worker.units.reversed() {
      let summary = try worker.compute(unit)
      #expect(summary.computed == unit.cells.count)
      #expect(summary.duplicates == 0 && summary.failed == 0)
      computed += summary.computed
    }
    #expect(computed == expected.computed)
    let manifest = worker.manifest()
    #expect(Set(manifest.cells.map(\.key)) == worker.store.keys)
    var records: [CellKey: CellRecord] = [:]
    for key in worker.store.keys { records[key] = try worker.store.record(of: key) }
    let rows = manifest.rows(records)
    #expect(rows.map(\.measurement) == expected.records.map(\.measurement))
    #expect(rows.map(\.experiment) == expected.records.map(\.experiment))
    #expect(rows.map(\.severity) == expected.records.map(\.severity))
    #expect(rows.map(\.evaluateStream) == expected.records.map(\.evaluateStream))
    let again = try worker.compute(worker.units[0])
    #expect(again.computed == 0)
  }

  @Test("Of two workers at one unit the first one's records stay, and the other says so")
  func duplicates() throws {
    let plan = try plan()
    var first = try tiny.runner(plan, output: "first")
    let unit = first.units.first { $0.adaptation.stream != nil }!
    _ = try first.compute(unit)
    for (output, changes) in [("same", false), ("other", true)] {
      var second = try tiny.runner(plan, output: output)
      let (path, folder, store) = (tiny.path, tiny.folder, second.store)
      let hasCopied = Mutex(false)
      let summary = try second.compute(unit) { _ in
        // The first worker's records appear while the second one computes.
        hasCopied.withLock { hasCopied in
          guard !hasCopied else { return }
          hasCopied = true
          for cell in unit.cells {
            let path = "\(path)/first/\(cell.key.path)"
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
            let kept =
              changes
              ? text.replacing(/"meanEntropy":[0-9.]+/, with: "\"meanEntropy\":0.5") : text
            _ = try? folder.write(kept, to: "\(output)/\(cell.key.path)")
          }
        }
      }
      #expect(summary.duplicates == unit.cells.count)
      #expect(summary.disagreements == (changes ? unit.cells.count : 0))
      for cell in unit.cells {
        let kept = try #require(try store.record(of: cell.key))
        #expect(kept.seconds == (try first.store.record(of: cell.key))?.seconds)
      }
    }
  }
}
