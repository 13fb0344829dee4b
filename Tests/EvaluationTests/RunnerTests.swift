import Configuration
import Evaluation
import Foundation
import Merging
import Results
import Statistics
import Synchronization
import TensorCore
import TestSupport
import Testing

@Suite("Runner")
struct RunnerTests {
  private let tiny: TinySuite

  init() throws {
    tiny = try TinySuite()
  }

  private let everyMethod = """
    steps: 2
    batch_size: 4
    methods: all
    experiments:
      - {name: robust, corruptions: [clean, flat], severity: 5}
      - {name: unseen, unseen: [blue], methods: [pretrained, task-arithmetic]}
    """

  @Test("Every method is measured on every task under every domain")
  func everything() throws {
    let plan = try tiny.plan(everyMethod.replacing(": all", with: ": catalogue"))
    var runner = try tiny.runner(plan)
    let summary = try runner.run()
    #expect(summary.cells == MethodCatalog.names.count * 2 + 2)
    #expect(summary.computed == summary.cells && summary.failed == 0)
    #expect(summary.records.count == summary.cells * 3)
    for row in summary.records {
      let measurement = try #require(row.measurement)
      #expect(measurement.samples == TinySuite.imagesPerTask)
      #expect((0...1).contains(measurement.accuracy))
      #expect(measurement.meanEntropy > 0)
      #expect(measurement.meanEntropy <= measurement.meanPredictionEntropy + 1e-9)
    }
    let unseen = summary.records.filter { $0.experiment == "unseen" && $0.task == "blue" }
    #expect(unseen.count == 2 && unseen.allSatisfy { !$0.seen && $0.measurement?.seen == false })
    // Merging, adapting and shifting change what is predicted.
    let entropies = Set(
      summary.records.filter { $0.task == "red" }.map { $0.measurement!.meanEntropy })
    #expect(entropies.count >= 18)
    let table = try String(contentsOfFile: runner.tablePath, encoding: .utf8)
    #expect(table == ResultTable.csv(summary.records))
  }

  @Test("Beside the results lie the comparisons and the reliability of every cell")
  func tables() throws {
    var runner = try tiny.runner(tiny.plan(everyMethod))
    let summary = try runner.run()
    func lines(_ name: String) throws -> Int {
      try String(contentsOfFile: "\(runner.store.folder)/\(name)", encoding: .utf8)
        .split(separator: "\r\n").count - 1
    }
    let methods = Set(summary.records.filter { $0.experiment == "robust" }.map(\.method)).count
    // Every method but the baseline on three tasks and two domains, and one method on three tasks.
    #expect(try lines("comparisons.csv") == (methods - 1) * 3 * 2 + 3)
    #expect(try lines("reliability.csv") == Set(summary.records.map(\.record.key)).count * 3 * 15)
    #expect(!FileManager.default.fileExists(atPath: "\(runner.store.folder)/predictions.csv"))
  }

  @Test("Predictions are kept if asked for, also of cells that were finished without")
  func predictions() throws {
    let plan = try tiny.plan(
      """
      methods: [pretrained, task-arithmetic]
      experiments: [{name: x}]
      """)
    var plain = try tiny.runner(plan)
    let before = try plain.run()
    var keeping = try tiny.runner(plan, keepsPredictions: true)
    let summary = try keeping.run()
    #expect(summary.computed == 2 && summary.records == before.records)
    let text = try String(
      contentsOfFile: "\(keeping.store.folder)/predictions.csv", encoding: .utf8)
    let lines = text.split(separator: "\r\n").dropFirst().map { $0.split(separator: ",") }
    #expect(lines.count == 2 * 3 * TinySuite.imagesPerTask)
    // The lines give back what the results say.
    for row in summary.records {
      let own = lines.filter { $0[0] == row.record.key.text && $0[1] == row.task }
      let measurement = try #require(row.measurement)
      #expect(own.count { $0[3] == $0[4] } == measurement.outcomes.correct)
      #expect(own.enumerated().allSatisfy { ($1[3] == $1[4]) == measurement.outcomes[$0] })
      let loss = own.reduce(0) { $0 + Double($1[7])! } / Double(own.count)
      #expect(abs(loss - measurement.negativeLogLikelihood) < 1e-12)
    }
    var again = try tiny.runner(plan, keepsPredictions: true)
    #expect(try again.run().computed == 0)
  }

  @Test("Images are prepared once per task and domain for all methods")
  func sharing() throws {
    var runner = try tiny.runner(tiny.plan(everyMethod))
    _ = try runner.run()
    #expect(runner.preparationCount == 3 * 2)
  }

  @Test("A memory limit changes how often images are prepared, not the results")
  func memory() throws {
    let plan = try tiny.plan(everyMethod)
    var (ample, scarce) = (
      try tiny.runner(plan, output: "a"), try tiny.runner(plan, output: "b", memoryLimit: 100)
    )
    var middling = try tiny.runner(plan, output: "c", memoryLimit: 3 * 16 * 16 * 10)
    let expected = try ample.run().records.map(\.measurement)
    #expect(try scarce.run().records.map(\.measurement) == expected)
    #expect(try middling.run().records.map(\.measurement) == expected)
    #expect(middling.preparationCount > ample.preparationCount)
    var unshared = try tiny.runner(plan, output: "d", memoryLimit: 0)
    #expect(try unshared.run().records.map(\.measurement) == expected)
    #expect(unshared.preparationCount == 3 * unshared.units.count, "each unit its own")
  }

  @Test("A finished run computes nothing again, and gives the same table")
  func resume() throws {
    let plan = try tiny.plan(everyMethod)
    var first = try tiny.runner(plan)
    let complete = try first.run()
    var again = try tiny.runner(plan)
    let resumed = try again.run()
    #expect(resumed.computed == 0 && again.preparationCount == 0)
    #expect(resumed.records == complete.records)
  }

  @Test("An interrupted run goes on where it stopped")
  func interruption() throws {
    let plan = try tiny.plan(everyMethod)
    var first = try tiny.runner(plan)
    let complete = try first.run()
    // As if the run had been killed: some cells are missing, and a temporary file is left.
    let store = first.store
    let lost = Set(
      complete.records.map(\.record.key).enumerated().filter { $0.offset % 7 == 0 }
        .map(\.element))
    for key in lost { try FileManager.default.removeItem(atPath: store.path(of: key)) }
    try Data("{".utf8).write(to: URL(filePath: store.path(of: lost.first!) + ".tmp"))
    var again = try tiny.runner(plan)
    let resumed = try again.run()
    #expect(resumed.computed == lost.count)
    #expect(resumed.records.map(\.measurement) == complete.records.map(\.measurement))
  }

  @Test("A changed option, adaptation, seed, image, weight, recipe or code makes a new cell")
  func keys() throws {
    let text = """
      methods: [task-arithmetic, adamerging-taskwise]
      steps: 1
      batch_size: 2
      experiments: [{name: x, corruptions: flat}]
      """
    func computed(_ text: String, code: String = "test") throws -> Int {
      var runner = try tiny.runner(tiny.plan(text), code: code)
      return try runner.run().computed
    }
    #expect(try computed(text) == 2)
    #expect(try computed(text) == 0)
    #expect(try computed(text.replacing("[task-arithmetic", with: "[ties")) == 1)
    #expect(
      try computed(text.replacing("[task-arithmetic", with: "[task-arithmetic: {lambda: 0.5}"))
        == 1)
    #expect(try computed(text.replacing("steps: 1", with: "steps: 2")) == 1, "one method adapts")
    #expect(try computed(text.replacing("name: x", with: "name: y")) == 0, "a name changes nothing")
    #expect(try computed(text + "\nseeds: [5]") == 2)
    #expect(try computed(text + "\nseverity: 1") == 2)
    #expect(try computed(text + "\nseverity: 1.0") == 0, "the same severity")
    #expect(try computed(text + "\nseverity: 1.5") == 2)
    #expect(try computed(text, code: "other") == 2)
    try tiny.folder.write("# a comment\n", to: "corruptions/other.txt")
    #expect(try computed(text) == 0)
    let image = "\(tiny.path)/images/red/test/dark/0.ppm"
    try Data(Array(Data(contentsOf: URL(filePath: image)).dropLast()) + [7])
      .write(to: URL(filePath: image))
    #expect(try computed(text) == 2)
    var random = KeyedRandom(seed: 9, "head")
    try tiny.writeHead("blue", width: 8, &random)
    #expect(try computed(text) == 2)
  }

  @Test("A cell that fails is recorded with its reason, and the others go on")
  func failure() throws {
    try tiny.folder.write("P6\n20 18\n255\nshort", to: "images/green/test/dark/0.ppm")
    let plan = try tiny.plan(
      """
      methods: [pretrained]
      experiments:
        - {name: broken}
        - {name: sound, seen: [red], unseen: [blue]}
      """)
    let failures = Mutex<[String]>([])
    var runner = try tiny.runner(plan)
    let summary = try runner.run { event in
      if case .finished(_, let record) = event, let reason = record.failure {
        failures.withLock { $0.append(reason) }
      }
    }
    #expect(summary.failed == 1 && summary.cells == 2)
    let reason = try #require(failures.withLock { $0.first })
    #expect(reason.contains("green/test/dark/0.ppm"))
    #expect(
      summary.records.filter { $0.experiment == "broken" }.allSatisfy { $0.status == .failed })
    #expect(summary.records.filter { $0.experiment == "sound" }.allSatisfy { $0.status == .done })
    #expect(PaperTables(plan.experiments[0], records: summary.records).text.contains("failed"))
    // The failure is kept; the mended image makes another cell.
    var again = try tiny.runner(plan)
    #expect(try again.run().computed == 0)
    try FileManager.default.copyItem(
      atPath: "\(tiny.path)/images/green/test/dark/3.ppm",
      toPath: "\(tiny.path)/images/green/test/dark/99.ppm")
    try FileManager.default.removeItem(atPath: "\(tiny.path)/images/green/test/dark/0.ppm")
    var mended = try tiny.runner(plan)
    let outcome = try mended.run()
    #expect(outcome.computed == 1 && outcome.failed == 0)
  }

  @Test("Everything that is wrong with a plan is said at once, before anything runs")
  func check() throws {
    var random = KeyedRandom(seed: 9, "head")
    try tiny.writeHead("blue", width: 5, &random)
    try FileManager.default.removeItem(atPath: "\(tiny.path)/models/experts/red/model.safetensors")
    try tiny.folder.write("x", to: "images/green/test/unheard-of/1.png")
    let plan = try tiny.plan(
      """
      methods: [ties: {lambda: high}]
      experiments:
        - {name: x, corruptions: [clean, flatt]}
        - {name: y, corruptions: flat, severity: 0.5}
      """)
    let error = try #require(throws: EvaluationError.self) { try tiny.runner(plan) }
    guard case .unsuitable(_, let problems) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(problems.count == 6)
    for part in [
      "did you mean 'flat'?", "severity 0.5 is below 1", "lambda", "width 5", "red/model",
      "unheard-of",
    ] {
      #expect(problems.contains { $0.contains(part) }, "\(part) in \(problems)")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(tiny.path)/run"))
  }

  @Test("One thread and several give identical results")
  func threads() throws {
    let plan = try tiny.plan(
      """
      methods: [adamerging-layerwise, individual]
      steps: 3
      experiments: [{name: x, corruptions: flat}]
      """)
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    var outcomes: [[TaskMeasurement?]] = []
    for threads in [1, 3] {
      Parallel.threadCount = threads
      var runner = try tiny.runner(plan, output: "threads-\(threads)")
      outcomes.append(try runner.run().records.map(\.measurement))
    }
    #expect(outcomes[0] == outcomes[1])
  }

  @Test("Progress rises to its end, and every cell is told")
  func progress() throws {
    let fractions = Mutex<[Double]>([])
    let finished = Mutex(0)
    var runner = try tiny.runner(tiny.plan(everyMethod))
    let summary = try runner.run { event in
      switch event {
      case .progress(let fraction, _): fractions.withLock { $0.append(fraction) }
      case .finished: finished.withLock { $0 += 1 }
      case .setAside: Issue.record("nothing is damaged")
      }
    }
    let values = fractions.withLock { $0 }
    #expect(values == values.sorted())
    #expect(abs(values.last! - 1) < 1e-9)
    #expect(finished.withLock { $0 } == summary.cells)
  }
}
