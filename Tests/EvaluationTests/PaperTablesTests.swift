import Configuration
import Evaluation
import Merging
import Results
import Statistics
import Streams
import TensorCore
import Testing

@Suite("Paper tables")
struct PaperTablesTests {
  private let fog = Domain(corruption: "fog", severity: 3)

  private func experiment(
    unseen: [String] = [], domains: [Domain] = [.clean], methods: [MethodChoice],
    seeds: [UInt64] = [0], isMixed: Bool = false
  ) -> Experiment {
    var streams = ShiftProtocol.transductive.streams
    streams.evaluate.isMixed = isMixed
    return Experiment(
      name: "e", seen: ["digits", "street_signs"], unseen: unseen, domains: domains,
      profile: "imagenet-c", methods: methods, adaptation: AdaMergingSettings(.paper), seeds: seeds,
      streams: streams)
  }

  /// Rows of one cell; no accuracies for a failed one.
  private func rows(
    _ method: MethodChoice, _ domain: Domain = .clean, seed: UInt64 = 0, accuracies: [Double]?,
    tasks: [String] = ["digits", "street_signs"]
  ) -> [ResultRecord] {
    rows(method, ShiftPhase(domain), seed: seed, accuracies: accuracies, tasks: tasks)
  }

  private func rows(
    _ method: MethodChoice, _ phase: ShiftPhase, seed: UInt64 = 0, accuracies: [Double]?,
    tasks: [String] = ["digits", "street_signs"]
  ) -> [ResultRecord] {
    let measurements = (accuracies ?? []).enumerated().map { index, accuracy in
      let correct = (0..<10_000).map { Double($0) < (10_000 * accuracy).rounded() }
      return TaskMeasurement(
        task: tasks[index], seen: true, outcomes: OutcomeBits(correct), samplesHash: "images",
        meanEntropy: 1, negativeLogLikelihood: 1, brierScore: 1, largestPredictedClassShare: 0.5,
        meanPredictionEntropy: 1, entropyLossSpearman: nil,
        reliability: Reliability(confidences: correct.map { _ in 0.5 }, correct: correct))
    }
    let record = CellRecord(
      ingredients: ["method": method.title, "images": phase.text, "seed": "\(seed)"],
      outcome: accuracies == nil ? .failed(reason: "why") : .measured(measurements),
      adaptationSeconds: 0, seconds: 0,
      provenance: Provenance(
        codeVersion: "", recipeHash: nil, weightsHash: "", dataHash: "", seed: seed, blas: "",
        cpuPath: "", threads: 1))
    return tasks.map { task in
      ResultRecord(
        experiment: "e", method: method.name, methodOptions: method.optionsText, backbone: "b",
        task: task, seen: true, protocolName: "transductive", adaptStream: "none",
        evaluateStream: phase.text, corruption: phase.name, severity: phase.domain?.severity,
        profile: "imagenet-c", adaptation: "paper", record: record)
    }
  }

  @Test("Methods by tasks, with the average and the tasks that fell below task arithmetic")
  func tasks() {
    let methods = ["pretrained", "task-arithmetic", "ties", "broken", "later"]
      .map(MethodChoice.init)
    let records =
      rows(methods[0], accuracies: [0.5, 0.25]) + rows(methods[1], accuracies: [0.75, 0.5])
      + rows(methods[2], accuracies: [1, 0.4321])
      + rows(methods[3], accuracies: nil)
    let tables = PaperTables(experiment(methods: methods), records: records)
    #expect(tables.title == "e: accuracy in %, clean images, paper, seed 0")
    #expect(
      tables.text == """
                                        |         |  gain | worse
                                 street |         |  over |  than
        method           digits   signs | average |  t.a. |  t.a.
        --------------------------------|---------|-------|------
        pretrained         50.0    25.0 |    37.5 | -25.0 |   2/2
        task-arithmetic    75.0    50.0 |    62.5 |       |
        ties              100.0    43.2 |    71.6 |  +9.1 |   1/2
        broken           failed  failed |  failed |     - |     -
        later                 -       - |       - |     - |     -

        """)
  }

  @Test("Unseen tasks stand apart, with their own average")
  func unseen() {
    let methods = [MethodChoice(name: "ties")]
    let tables = PaperTables(
      experiment(unseen: ["cars"], methods: methods),
      records: rows(
        methods[0], accuracies: [1, 0.5, 0.25], tasks: ["digits", "street_signs", "cars"]))
    #expect(
      tables.text == """
                        street |    seen |      |  unseen
        method  digits   signs | average | cars | average
        -----------------------|---------|------|--------
        ties     100.0    50.0 |    75.0 | 25.0 |    25.0

        """)
  }

  @Test("With unseen tasks, the gain on them stands beside the gain on the seen ones")
  func unseenGain() {
    let methods = [MethodChoice(name: "task-arithmetic"), MethodChoice(name: "ties")]
    let tasks = ["digits", "street_signs", "cars"]
    let tables = PaperTables(
      experiment(unseen: ["cars"], methods: methods),
      records: rows(methods[0], accuracies: [0.5, 0.5, 0.5], tasks: tasks)
        + rows(methods[1], accuracies: [1, 0.5, 0.25], tasks: tasks))
    #expect(
      tables.text == """
                                        |         |      |         |  seen | unseen |
                                        |         |      |         |  gain |   gain | worse
                                 street |    seen |      |  unseen |  over |   over |  than
        method           digits   signs | average | cars | average |  t.a. |   t.a. |  t.a.
        --------------------------------|---------|------|---------|-------|--------|------
        task-arithmetic    50.0    50.0 |    50.0 | 50.0 |    50.0 |       |        |
        ties              100.0    50.0 |    75.0 | 25.0 |    25.0 | +25.0 |  -25.0 |   1/3

        """)
  }

  /// Task arithmetic and its grid, as a plan writes them.
  private func grid() throws -> [MethodChoice] {
    let item = try YAMLDocument(
      text: "task-arithmetic: {grid: {lambda: [0.1, 0.2]}}", file: "plan.yaml"
    ).root
    return try MethodChoice.choices(
      item, at: ConfigurationError.Place(file: "plan.yaml", line: 1, field: "methods[0]"))
  }

  @Test("Methods by corruptions, the mean over seeds, and the best of a grid in each column")
  func domains() throws {
    let methods = try grid()
    let experiment = experiment(domains: [.clean, fog], methods: methods, seeds: [1, 2])
    var records: [ResultRecord] = []
    for seed: UInt64 in [1, 2] {
      records += rows(methods[0], seed: seed, accuracies: [0.5, 0.5 + Double(seed) / 10])
      records += rows(methods[0], fog, seed: seed, accuracies: [0.25, 0.25])
      records += rows(methods[1], seed: seed, accuracies: [0.75, 0.75])
      records += rows(methods[1], fog, seed: seed, accuracies: [0.125, 0.125])
      records += rows(methods[2], seed: seed, accuracies: [0.25, 0.25])
      records += rows(methods[2], fog, seed: seed, accuracies: [0.5, 0.125])
    }
    let tables = PaperTables(experiment, records: records)
    #expect(
      tables.text == """
                                                                   |           |               gain |              relative |
                                                                   |           |     gain      over |       mCE         mCE | worse
                                                                   | corrupted |     over      t.a. |     (t.a.       (t.a. |  than
        method                                     clean       fog |   average |     t.a.    oracle |      100)        100) |  t.a.
        -----------------------------------------------------------|-----------|--------------------|-----------------------|------
        task-arithmetic                         57.5±3.5  25.0±0.0 |  25.0±0.0 |           -6.2±0.0 | 100.0±0.0   100.0±0.0 |
        task-arithmetic (best of grid: oracle)  75.0±0.0  31.2±0.0 |  31.2±0.0 | +6.2±0.0           |  91.7±0.0  135.4±14.7 |

        """)
    #expect(
      tables.title
        == "e: accuracy in %, average over 2 tasks, severity 3, paper, "
        + "mean±standard deviation over 2 seeds")
    // One seed is missing: no mean is shown as if it were there.
    #expect(PaperTables(experiment, records: records.dropLast()).text.contains("-"))
  }

  @Test("Gains refer to another baseline if it is named, with the options that the plan gives it")
  func namedBaseline() throws {
    let item = try YAMLDocument(text: "ties: {lambda: 0.4}", file: "plan.yaml").root
    let place = ConfigurationError.Place(file: "plan.yaml", line: 1, field: "methods[0]")
    let methods =
      try [MethodChoice(name: "pretrained")] + MethodChoice.choices(item, at: place)
    let records =
      rows(methods[0], accuracies: [0.5, 0.5]) + rows(methods[1], accuracies: [0.75, 0.5])
    let text = PaperTables(experiment(methods: methods), records: records, baseline: "ties").text
    #expect(text.contains("-12.5 |   1/2"))
    // Without the baseline there is nothing to gain.
    let plain = PaperTables(experiment(methods: methods), records: records).text
    #expect(!plain.contains("gain") && !plain.contains("worse"))
  }

  @Test("Images that are mixed of several domains make one table of tasks")
  func mixed() {
    let methods = [MethodChoice(name: "task-arithmetic"), MethodChoice(name: "ties")]
    let mixed = ShiftPhase(mixing: [.clean, fog])
    let tables = PaperTables(
      experiment(domains: [.clean, fog], methods: methods, isMixed: true),
      records: rows(methods[0], mixed, accuracies: [0.5, 0.25])
        + rows(methods[1], mixed, accuracies: [0.75, 0.125])
        // Those of one domain are no results of the mixed stream.
        + rows(methods[1], fog, accuracies: [1, 1]))
    #expect(
      tables.title
        == "e: accuracy in %, each image under one of clean, fog/3, paper, seed 0")
    #expect(
      tables.text == """
                                        |         | gain | worse
                                 street |         | over |  than
        method           digits   signs | average | t.a. |  t.a.
        --------------------------------|---------|------|------
        task-arithmetic    50.0    25.0 |    37.5 |      |
        ties               75.0    12.5 |    43.8 | +6.2 |   1/2

        """)
  }

  @Test("A baseline is called by its title, or by its name alone")
  func baselineNames() throws {
    let item = try YAMLDocument(text: "ties: {lambda: 0.4}", file: "plan.yaml").root
    let place = ConfigurationError.Place(file: "plan.yaml", line: 1, field: "methods[0]")
    let methods =
      try MethodChoice.choices(item, at: place) + [MethodChoice(name: "ties")] + grid()
    let experiment = experiment(methods: methods)
    for (name, title) in [
      ("ties", "ties"), ("ties (lambda=0.4)", "ties (lambda=0.4)"),
      ("task-arithmetic", "task-arithmetic"), ("task-arithmetic (lambda=0.1)", nil),
      ("tise", nil),
    ] {
      #expect(experiment.method(called: name)?.title == title)
    }
  }

  @Test("A baseline that makes no error under a corruption leaves the corruption error open")
  func noError() {
    let methods = [MethodChoice(name: "task-arithmetic"), MethodChoice(name: "ties")]
    let records =
      rows(methods[0], accuracies: [0.5, 0.5]) + rows(methods[0], fog, accuracies: [1, 1])
      + rows(methods[1], accuracies: [0.5, 0.5]) + rows(methods[1], fog, accuracies: [0.5, 0.5])
    let text = PaperTables(experiment(domains: [.clean, fog], methods: methods), records: records)
      .text
    #expect(
      text.contains("ties              50.0   50.0 |      50.0 | -50.0 |     -         - |   2/4"))
  }

  @Test("Two results for one place and seed are not mixed up: neither is shown")
  func ambiguous() {
    let methods = [MethodChoice(name: "ties")]
    let records =
      rows(methods[0], accuracies: [0.5, 0.5]) + rows(methods[0], accuracies: [0.75, 0.5])
    let text = PaperTables(experiment(methods: methods), records: records).text
    #expect(text.contains("ties         -       - |       -"))
  }
}
