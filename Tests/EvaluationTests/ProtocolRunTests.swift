import Evaluation
import Foundation
import Merging
import Results
import Streams
import Synchronization
import TensorCore
import TestSupport
import Testing

@Suite("Runs of protocols")
struct ProtocolRunTests {
  private let tiny: TinySuite

  init() throws {
    tiny = try TinySuite()
  }

  private let settings = """
    methods: [task-arithmetic, adamerging-layerwise]
    steps: 3
    batches_per_step: 1
    batch_size: 4
    learning_rate: 0.05

    """

  private func run(
    _ experiments: String, output: String = "run"
  ) throws -> (summary: Runner.Summary, runner: Runner) {
    var runner = try tiny.runner(
      try tiny.plan("\(settings)experiments: [\(experiments)]"), output: output)
    let summary = try runner.run()
    #expect(summary.failed == 0, "\(summary.records.compactMap(\.record.failure))")
    return (summary, runner)
  }

  private func adaptive(_ summary: Runner.Summary) -> [ResultRecord] {
    summary.records.filter { $0.adaptStream != "none" }
  }

  @Test("Cross-shift adapts once per stream and evaluates everywhere; the diagonal is transductive")
  func crossShift() throws {
    let (cross, runner) = try run(
      "{name: c, protocol: cross-shift, corruptions: [clean, flat, noisy]}")
    #expect(runner.adaptationCount == 3)
    #expect(runner.units.count == 3 + 3)
    #expect(cross.cells == 3 + 9 && cross.computed == 12)
    let (same, _) = try run("{name: t, corruptions: [clean, flat, noisy]}", output: "other")
    for row in adaptive(same) {
      let twin = try #require(
        adaptive(cross).first {
          ($0.adaptStream, $0.evaluateStream, $0.task)
            == (row.adaptStream, row.evaluateStream, row.task)
        })
      #expect(twin.measurement == row.measurement && twin.record.key == row.record.key)
    }
  }

  @Test("Cells that several protocols ask for are computed once, in one unit")
  func shared() throws {
    let (summary, runner) = try run(
      """
      {name: t, corruptions: [clean, flat]}, \
      {name: c, protocol: cross-shift, corruptions: [clean, flat]}, \
      {name: s, protocol: clean-to-shifted, corruptions: [flat]}
      """)
    #expect(summary.cells == 2 + 4 && summary.computed == summary.cells)
    #expect(summary.records.count == ((2 + 2) + (2 + 4) + (1 + 1)) * 3, "rows of each experiment")
    #expect(runner.adaptationCount == 2)
  }

  @Test("Held-out halves make another result than the whole, on half of the images")
  func heldOut() throws {
    let (summary, _) = try run("{name: h, protocol: held-out, corruptions: flat}")
    #expect(summary.records.allSatisfy { $0.measurement?.samples == TinySuite.imagesPerTask / 2 })
    #expect(adaptive(summary).allSatisfy { $0.adaptStream == "flat-3/first-half" })
    #expect(Set(summary.records.map(\.evaluateStream)) == ["flat-3/second-half"])
  }

  @Test("A continual stream is one adaptation, evaluated on every domain at every boundary")
  func continual() throws {
    let (summary, runner) = try run(
      "{name: c, protocol: continual, corruptions: [clean, flat, noisy]}")
    #expect(runner.adaptationCount == 1)
    let rows = adaptive(summary).filter { $0.task == "red" }
    #expect(rows.count == 9)
    for boundary in 1...3 {
      let here = rows.filter { $0.boundary == boundary }
      #expect(here.map(\.corruption) == ["clean", "flat", "noisy"])
      for row in here {
        let adaptation = try #require(row.record.adaptation)
        #expect(adaptation.steps == 3 * boundary)
        let steps = (3 * boundary - 2...3 * boundary).map { $0 }
        #expect(adaptation.trajectory.map(\.step) == steps, "the phase's steps")
      }
      #expect(Set(here.map { $0.record.adaptation?.coefficients }).count == 1, "one model")
    }
    let clean = rows.filter { $0.corruption == "clean" }.map { $0.measurement?.meanEntropy }
    #expect(Set(clean).count == 3, "the model goes on changing")
    // Its first phase is an adaptation to that domain alone.
    let (alone, _) = try run("{name: t}", output: "other")
    #expect(adaptive(alone)[0].measurement?.meanEntropy == clean[0])
  }

  @Test("A reset at each phase's end makes every phase an adaptation of its own")
  func reset() throws {
    let text = settings.replacing(
      "adamerging-layerwise]", with: "adamerging-layerwise: {reset_every: 3}]")
    var runner = try tiny.runner(
      try tiny.plan(
        "\(text)experiments: [{name: c, protocol: continual, corruptions: [clean, flat]}]"))
    let summary = try runner.run()
    let rows = adaptive(summary)
    let first = rows.filter { $0.boundary == 1 }[0].record.adaptation!
    let second = rows.filter { $0.boundary == 2 }[0].record.adaptation!
    #expect(second.trajectory[0].coefficients == first.trajectory[0].coefficients)
  }

  @Test("Prequential evaluation predicts every image once, before or after its step")
  func online() throws {
    let (summary, runner) = try run(
      """
      {name: before, protocol: online, corruptions: flat}, \
      {name: after, protocol: online, corruptions: flat, evaluate: {online: adapt-then-predict}}
      """)
    #expect(runner.adaptationCount == 1, "both orders watch one adaptation")
    let rows = adaptive(summary)
    for row in rows {
      let measurement = try #require(row.measurement)
      #expect(measurement.samples == TinySuite.imagesPerTask)
      let steps = try #require(row.record.adaptation).trajectory
      #expect(steps.count == 3, "10 images in batches of 4")
      let place = steps[0].tasks.firstIndex(of: row.task)!
      #expect(steps.map { $0.onlineSamples![place] } == [4, 4, 2])
      let correct = steps.reduce(0) { $0 + $1.onlineCorrect![place] }
      #expect(Double(correct) / 10 == measurement.accuracy)
    }
    let (before, after) = (
      rows.filter { $0.experiment == "before" }, rows.filter { $0.experiment == "after" }
    )
    #expect(before[0].measurement?.meanEntropy != after[0].measurement?.meanEntropy)
    // The first step is predicted by task arithmetic at 0.3, where coefficients start.
    let start = try #require(before[0].record.adaptation).trajectory[0].coefficients
    #expect(start.allSatisfy { abs($0 - 0.3) < 1e-12 })
  }

  @Test(
    "Every kind of stream runs, and changes what is learned",
    arguments: [
      "shift: mixed", "order: sorted", "order: dirichlet, delta: 0.5", "amount: 0.3",
      "classes: 0.4", "mix: interleaved", "mix: proportional", "one_pass: true",
      "shift: recurring, rounds: 2", "shift: ramp", "part: second-half",
    ])
  func kinds(adapt: String) throws {
    let (plain, _) = try run("{name: p, corruptions: [clean, flat]}", output: "plain")
    let (summary, _) = try run("{name: k, corruptions: [clean, flat], adapt: {\(adapt)}}")
    let known = Set(adaptive(plain).map { $0.record.adaptation!.coefficients })
    for row in adaptive(summary) {
      #expect(row.protocolName == "custom")
      #expect(!known.contains(row.record.adaptation!.coefficients))
    }
  }

  @Test("A mixed stream is evaluated image by image under its own domain")
  func mixed() throws {
    let (summary, _) = try run(
      "{name: m, corruptions: [clean, noisy], severity: 5, evaluate: {mixed: true}}")
    #expect(summary.records.allSatisfy { $0.corruption == "mixed" && $0.severity == nil })
    #expect(Set(summary.records.map(\.evaluateStream)) == ["mixed(clean+noisy-5)"])
    let (single, _) = try run(
      "{name: s, corruptions: [clean, noisy], severity: 5}", output: "other")
    let entropies = single.records.filter { $0.task == "red" && $0.adaptStream == "none" }
      .map { $0.measurement!.meanEntropy }
    let mixed = summary.records.first { $0.task == "red" && $0.adaptStream == "none" }!
    #expect(!entropies.contains(mixed.measurement!.meanEntropy))
  }

  @Test("Unseen tasks are evaluated under every corruption, each task left out once")
  func leaveOneOut() throws {
    let (summary, _) = try run(
      "{name: u, protocol: unseen, unseen: leave-one-out, corruptions: [clean, flat]}")
    let unseen = adaptive(summary).filter { !$0.seen }
    #expect(
      LeaveOneOutTable(
        "u",
        try tiny.plan(
          "experiments: [{name: u, protocol: unseen, unseen: leave-one-out}]"
        ).experiments,
        records: summary.records
      ).text.hasPrefix(
        """
        method                red  green  blue | average
        ---------------------------------------|--------
        task-arithmetic
        """))
    #expect(unseen.map(\.task) == ["red", "red", "green", "green", "blue", "blue"])
    #expect(Set(unseen.map(\.corruption)) == ["clean", "flat"])
    #expect(unseen.allSatisfy { $0.record.adaptation?.experts.contains($0.task) == false })
  }

  @Test("A method that calibrates at once is refused where the steps of a stream are evaluated")
  func calibrationOnline() throws {
    let plan = try tiny.plan(
      "methods: [fisher]\nexperiments: [{name: x, protocol: online}, {name: y}]")
    let error = try #require(throws: EvaluationError.self) { try tiny.runner(plan) }
    let text = "\(error)"
    #expect(text.contains("plan.yaml:4: experiments[0]: fisher calibrates once"), "\(text)")
    #expect(text.contains("leave it out of this experiment, or evaluate it under another protocol"))
    #expect(!text.contains("experiments[1]"))
  }

  @Test("A method that calibrates at once does so on a stream's first phase, and changes no more")
  func calibrationOfPhases() throws {
    let text = """
      methods: [{fisher: {images: 8}}, {regmean: {images: 8}}]
      experiments:
        - {name: c, protocol: continual, corruptions: [flat, clean, noisy]}
        - {name: t, corruptions: [flat]}
      """
    var runner = try tiny.runner(try tiny.plan(text))
    let summary = try runner.run()
    #expect(summary.failed == 0, "\(summary.records.compactMap(\.record.failure))")
    #expect(runner.adaptationCount == 4, "one for each method and stream")
    for method in ["fisher", "regmean"] {
      let rows = summary.records.filter { $0.method == method && $0.task == "red" }
      let continual = rows.filter { $0.experiment == "c" }
      #expect(continual.count == 9)
      for corruption in ["clean", "flat", "noisy"] {
        let ofOne = continual.filter { $0.corruption == corruption }
        #expect(ofOne.map(\.boundary) == [1, 2, 3])
        #expect(Set(ofOne.map(\.measurement)).count == 1, "the model of the first phase")
      }
      // It is the model that is calibrated on that domain alone.
      let alone = try #require(rows.first { $0.experiment == "t" })
      #expect(continual.first { $0.corruption == "flat" }?.measurement == alone.measurement)
    }
  }

  @Test("The remedies of AdaMerging are options of a plan, and each changes the result")
  func remedies() throws {
    let options = [
      "entropy_threshold: 0.4", "diversity: 1", "sharpness: 0.1", "anchor: 10", "reset_every: 2",
    ]
    let methods = options.map { "adamerging-layerwise: {\($0)}" }.joined(separator: ", ")
    var runner = try tiny.runner(
      try tiny.plan(
        settings.replacing("task-arithmetic, adamerging", with: "\(methods), adamerging")
          + "experiments: [{name: r}]"))
    let summary = try runner.run()
    #expect(summary.failed == 0)
    let learned = Set(summary.records.map { $0.record.adaptation!.coefficients })
    #expect(learned.count == options.count + 1)
  }

  @Test("One thread and two give identical records in every protocol")
  func threads() throws {
    let experiments = ShiftProtocol.allCases.filter { $0 != .unseen && $0 != .custom }.map {
      "{name: \($0.rawValue), protocol: \($0.rawValue), corruptions: [clean, noisy]}"
    }.joined(separator: ", ")
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    var outcomes: [[CellRecord.Outcome]] = []
    var learned: [[[Double]?]] = []
    for threads in [1, 2] {
      Parallel.threadCount = threads
      let (summary, _) = try run(experiments, output: "threads-\(threads)")
      outcomes.append(summary.records.map(\.record.outcome))
      learned.append(summary.records.map { $0.record.adaptation?.coefficients })
    }
    #expect(outcomes[0] == outcomes[1] && learned[0] == learned[1])
  }

  @Test("A unit that was interrupted between its cells goes on, to the same tables")
  func resume() throws {
    let experiments = "{name: c, protocol: continual, corruptions: [clean, flat]}"
    let (complete, runner) = try run(experiments)
    let keys = Set(adaptive(complete).map(\.record.key)).sorted { $0.text < $1.text }
    for key in keys.prefix(2) {
      try FileManager.default.removeItem(atPath: runner.store.path(of: key))
    }
    let tables = ["results.csv", "steps.csv", "coefficients.csv"]
    func stable() throws -> [[[String]]] {
      try tables.map { name in
        let text = try String(contentsOfFile: "\(tiny.path)/run/\(name)", encoding: .utf8)
        let rows = text.split(separator: "\r\n").map {
          $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let machine: Set<String> = [
          "seconds", "adaptation_seconds", "seconds_per_step", "peak_memory_bytes", "threads",
        ]
        let kept = rows[0].indices.filter { !machine.contains(rows[0][$0]) }
        return rows.map { row in kept.map { row[$0] } }
      }
    }
    let first = try stable()
    for name in tables { try FileManager.default.removeItem(atPath: "\(tiny.path)/run/\(name)") }
    let (resumed, _) = try run(experiments)
    #expect(resumed.computed == 2)
    #expect(try stable() == first)
    #expect(first[1].count == 1 + 4 * 3 * 3, "steps of 4 cells, 3 steps each, 3 tasks")
  }

  @Test("A limit computes so many cells, and the same plan goes on with the others")
  func limit() throws {
    let plan = try tiny.plan(
      "\(settings)experiments: [{name: c, protocol: cross-shift, corruptions: [clean, flat]}]")
    var runner = try tiny.runner(plan)
    let total = runner.estimate(runner.units).pending
    #expect(total == 6)
    let few = runner.units(only: nil, limit: 2)
    #expect(runner.estimate(few).pending == 2)
    #expect(try runner.run(few).computed == 2)
    let rest = try runner.run(runner.units(only: nil, limit: 100))
    #expect(rest.computed == 4 && rest.cells == 6)
    let filter = try CellFilter("method=task-arithmetic", for: plan)
    #expect(try runner.run(runner.units(only: filter)).cells == 2)
  }

  @Test("A folder that another run writes to is refused, and free when that run has ended")
  func lock() throws {
    let plan = try tiny.plan("\(settings)experiments: [{name: x}]")
    let lock = try RunLock("\(tiny.path)/run")
    var runner = try tiny.runner(plan)
    let error = try #require(throws: EvaluationError.self) { try runner.run() }
    #expect("\(error)".contains("another run writes its results there"))
    lock.release()
    #expect(try runner.run().computed == 2)
    #expect(try runner.run().computed == 0)
  }

  @Test("The first image of each task and domain is kept as the model sees it")
  func gallery() throws {
    _ = try run("{name: x, corruptions: [clean, flat]}")
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(tiny.path)/run/gallery")
    #expect(
      files.sorted()
        == TinySuite.tasks.flatMap { ["\($0)-clean-0.png", "\($0)-flat-3.png"] }.sorted())
  }

  @Test("A record says how much memory its cell took, and how long its steps")
  func costs() throws {
    let (summary, _) = try run("{name: x}")
    for row in summary.records {
      #expect(row.record.peakMemoryBytes > 1 << 20)
      #expect(row.record.seconds >= row.record.adaptationSeconds)
    }
    let adaptation = try #require(adaptive(summary)[0].record.adaptation)
    #expect(adaptation.steps == 3 && adaptation.secondsPerStep > 0)
    #expect(adaptation.clampedShare == 0)
    #expect(adaptation.layers.count * 3 == adaptation.coefficients.count)
  }
}
