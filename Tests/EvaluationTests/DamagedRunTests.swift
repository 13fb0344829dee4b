import Evaluation
import Foundation
import Results
import Synchronization
import TensorCore
import TestSupport
import Testing
import VisionModels

@Suite("Damaged files, changed weights and stopped runs")
struct DamagedRunTests {
  private let tiny: TinySuite
  private let text = """
    methods: [pretrained, task-arithmetic, adamerging-taskwise]
    steps: 2
    batch_size: 4
    experiments: [{name: x, corruptions: [clean, flat]}]
    """

  init() throws {
    tiny = try TinySuite()
  }

  /// Runs the plan and gives the messages about files that were set aside.
  private func run(
    keepsPredictions: Bool = false
  ) throws -> (summary: Runner.Summary, store: ResultStore, aside: [(path: String, why: String)]) {
    let aside = Mutex<[(path: String, why: String)]>([])
    var runner = try tiny.runner(tiny.plan(text), keepsPredictions: keepsPredictions)
    let summary = try runner.run { event in
      if case .setAside(let path, let damage) = event {
        aside.withLock { $0.append((path, damage.problem)) }
      }
    }
    return (summary, runner.store, aside.withLock { $0 })
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  @Test(
    "A record that is cut off, has something behind its end, is empty or another's is set aside and made anew"
  )
  func records() throws {
    let (whole, store, _) = try run()
    let keys = Array(Set(whole.records.map(\.record.key))).sorted { $0.text < $1.text }
    let path = store.path(of: keys[0])
    let sound = try bytes(path)
    let damages: [(Data, String)] = [
      (sound.dropLast(20), "not a readable cell record"),
      (sound + Data("garbage".utf8), "not a readable cell record"),
      (sound + sound, "not a readable cell record"), (Data(), "not a readable cell record"),
      (Data(repeating: 0, count: 4096), "not a readable cell record"),
      (try bytes(store.path(of: keys[1])), "holds the record of cell \(keys[1])"),
    ]
    for (number, (damage, message)) in damages.enumerated() {
      try damage.write(to: URL(filePath: path))
      let (again, _, aside) = try run()
      #expect(again.computed == 1 && aside.count == 1)
      let told = try #require(aside.first)
      #expect(told.why.hasPrefix("\(path): \(message)"), "\(told.why)")
      #expect(told.path == "\(path).damaged" + (number > 0 ? "-\(number + 1)" : ""))
      #expect(try bytes(told.path) == damage, "nothing is lost")
      #expect(again.records.map(\.measurement) == whole.records.map(\.measurement))
    }
    #expect(try run().summary.computed == 0)
  }

  @Test("Predictions that are cut off or have too many lines are set aside and made anew")
  func predictions() throws {
    let (_, store, _) = try run(keepsPredictions: true)
    let path = "\(store.folder)/predictions.csv"
    let table = try bytes(path)
    let key = try #require(try run(keepsPredictions: true).summary.records.first?.record.key)
    let part = store.predictionsPath(of: key)
    let sound = try bytes(part)
    for damage in [
      sound.dropLast(1), sound.dropLast(9), sound + sound.suffix(60), sound + Data("x".utf8),
      sound.dropFirst(1), Data(),
    ] {
      try Data(damage).write(to: URL(filePath: part))
      let (again, _, aside) = try run(keepsPredictions: true)
      #expect(again.computed == 1 && aside.count == 1)
      #expect(aside.first?.why.hasPrefix(part) == true)
      #expect(try bytes(path) == table)
    }
  }

  @Test("A damaged table is made anew from the records")
  func tables() throws {
    let (_, store, _) = try run()
    for name in ["results", "comparisons", "reliability", "steps", "coefficients"] {
      let path = "\(store.folder)/\(name).csv"
      let sound = try bytes(path)
      for damage in [sound.dropLast(30), sound + Data("garbage,\"".utf8), Data()] {
        try Data(damage).write(to: URL(filePath: path))
        #expect(try run().summary.computed == 0)
        #expect(try bytes(path) == sound, "\(name)")
      }
    }
  }

  @Test("A record that can't be read for another reason stops the run, and is left where it is")
  func unreadable() throws {
    let (whole, store, _) = try run()
    let path = store.path(of: whole.records[0].record.key)
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let error = try #require(throws: EvaluationError.self) { try run() }
    #expect("\(error)".hasPrefix("\(path): can't be read"), "\(error)")
  }

  @Test(
    "An expert that is replaced while the run goes on stops it; what is finished is in the tables")
  func changedExpert() throws {
    let plan = """
      methods: [task-arithmetic]
      experiments: [{name: one, seen: [red]}, {name: all}]
      """
    var runner = try tiny.runner(tiny.plan(plan))
    let expert = "\(tiny.path)/models/experts/green/model.safetensors"
    let other = try bytes("\(tiny.path)/models/experts/blue/model.safetensors")
    // When the first experiment, without green's expert, is done.
    let isReplaced = Atomic(false)
    let error = #expect(throws: EvaluationError.self) {
      try runner.run { event in
        guard case .finished = event, !isReplaced.exchange(true, ordering: .relaxed) else { return }
        try? other.write(to: URL(filePath: expert), options: .atomic)
      }
    }
    guard case .changedFile(let path) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path.hasSuffix("models/experts/green"))
    let rows =
      try String(contentsOfFile: runner.tablePath, encoding: .utf8)
      .split(separator: "\r\n").count - 1
    #expect(rows == 1)
    var again = try tiny.runner(tiny.plan(plan))
    let summary = try again.run()
    #expect(summary.computed == 1 && summary.failed == 0, "the next run is of the new weights")
  }

  @Test(
    "An image that changes while the run goes on fails the cells that meet it, with its name",
    arguments: [
      ("replaced", "has changed since the run began"), ("shortened", "has changed since"),
      ("removed", "no such file"),
    ])
  func changedImage(change: String, reason: String) throws {
    let plan = """
      methods: [task-arithmetic, adamerging-taskwise]
      steps: 2
      batch_size: 4
      experiments: [{name: x, corruptions: [clean, flat]}]
      """
    // No memory for images: every unit reads them again.
    var runner = try tiny.runner(tiny.plan(plan), memoryLimit: 0)
    let image = "\(tiny.path)/images/green/test/dark/3.ppm"
    let original = try bytes(image)
    let other = try bytes("\(tiny.path)/images/green/test/dark/0.ppm")
    let isChanged = Atomic(false)
    let summary = try runner.run { event in
      guard case .finished = event, !isChanged.exchange(true, ordering: .relaxed) else { return }
      switch change {
      case "replaced": try? other.write(to: URL(filePath: image), options: .atomic)
      case "shortened": try? other.dropLast(9).write(to: URL(filePath: image))
      default: try? FileManager.default.removeItem(atPath: image)
      }
    }
    #expect(summary.left == 0 && summary.failed > 0 && summary.failed < summary.cells)
    let reasons = Set(summary.records.compactMap(\.record.failure))
    #expect(reasons.count == 1)
    let told = try #require(reasons.first)
    #expect(told.hasPrefix(image) && told.contains(reason), "\(told)")
    let table = try String(contentsOfFile: runner.tablePath, encoding: .utf8)
    #expect(table.contains(reason))
    if change == "replaced" {
      // The next run is of the new image, and of all cells.
      var again = try tiny.runner(tiny.plan(plan), memoryLimit: 0)
      let rest = try again.run()
      #expect(rest.computed == rest.cells && rest.failed == 0)
    }
    // With the old image in its place again, failures are what was found, until they are tried again.
    try original.write(to: URL(filePath: image), options: .atomic)
    var later = try tiny.runner(tiny.plan(plan), memoryLimit: 0)
    #expect(try later.run().failed == summary.failed)
    #expect(try later.retryFailures(only: nil) == summary.failed)
    let repaired = try later.run()
    #expect(repaired.computed == summary.failed && repaired.failed == 0)
    #expect(try later.retryFailures(only: nil) == 0)
    var whole = try tiny.runner(tiny.plan(plan), output: "whole", memoryLimit: 0)
    #expect(try whole.run().records.map(\.measurement) == repaired.records.map(\.measurement))
  }

  @Test(
    "An expert that is cut off or removed while the run goes on stops it", arguments: [true, false])
  func damagedExpert(isCutOff: Bool) throws {
    let plan = """
      methods: [task-arithmetic]
      experiments: [{name: one, seen: [red]}, {name: all}]
      """
    var runner = try tiny.runner(tiny.plan(plan))
    let expert = "\(tiny.path)/models/experts/green/model.safetensors"
    let cutOff = try bytes(expert).dropLast(1000)
    let isDamaged = Atomic(false)
    let error = #expect(throws: EvaluationError.self) {
      try runner.run { event in
        guard case .finished = event, !isDamaged.exchange(true, ordering: .relaxed) else { return }
        if isCutOff {
          try? cutOff.write(to: URL(filePath: expert))
        } else {
          try? FileManager.default.removeItem(atPath: expert)
        }
      }
    }
    guard case .changedFile = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A head that is replaced after it was read changes nothing: it is in memory")
  func changedHead() throws {
    let whole = try run().summary
    var runner = try tiny.runner(tiny.plan(text), output: "other")
    for task in TinySuite.tasks {
      try FileManager.default.removeItem(atPath: "\(tiny.path)/heads/\(task).safetensors")
    }
    let summary = try runner.run()
    #expect(summary.failed == 0)
    #expect(summary.records.map(\.measurement) == whole.records.map(\.measurement))
    #expect(summary.records.map(\.record.key) == whole.records.map(\.record.key))
  }

  @Test("A run that is asked to stop ends after its cell, with its tables, and goes on")
  func stopping() throws {
    let count = Mutex(0)
    var runner = try tiny.runner(tiny.plan(text))
    runner.isStopping = { count.withLock { $0 } >= 2 }
    let part = try runner.run { event in
      if case .finished = event { count.withLock { $0 += 1 } }
    }
    #expect(part.computed == 2 && part.left == 4 && part.failed == 0)
    let lines = try String(contentsOfFile: runner.tablePath, encoding: .utf8)
      .split(separator: "\r\n").count
    #expect(lines == 1 + 2 * 3)
    var rest = try tiny.runner(tiny.plan(text))
    let whole = try rest.run()
    #expect(whole.computed == 4 && whole.left == 0)
  }
}
