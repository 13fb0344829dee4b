import Configuration
import Evaluation
import Merging
import Streams
import TensorCore
import TestSupport
import Testing

@Suite("Protocols of a plan")
struct ProtocolTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      "name: tiny\nbase: b\ntasks: [{name: a}, {name: b}, {name: c}]\n", to: "suite.yaml")
  }

  private func plan(_ experiment: String) throws -> Plan {
    let path = try folder.write(
      """
      name: p
      suite: suite.yaml
      methods: [ties, adamerging-layerwise]
      experiments:
        - \(experiment)
      """, to: "plan.yaml")
    return try Plan(contentsOf: path, methodNames: MethodCatalog.names)
  }

  /// `adapted to > evaluated (boundary)`, of the method that adapts.
  private func streams(_ experiment: String) throws -> [String] {
    try plan(experiment).cells.filter { $0.adaptation.stream != nil }.map { cell in
      "\(cell.adaptText) > \(cell.evaluate.text)" + (cell.boundary.map { " (\($0))" } ?? "")
    }
  }

  @Test(
    "A preset says what is adapted to and what is evaluated",
    arguments: [
      (
        "{name: x, corruptions: [clean, fog]}", ["clean > clean", "fog-3 > fog-3"]
      ),
      (
        "{name: x, protocol: held-out, corruptions: fog}",
        ["fog-3/first-half > fog-3/second-half"]
      ),
      (
        "{name: x, protocol: online, corruptions: [clean, fog]}",
        ["clean/one-pass/predict-then-adapt > clean", "fog-3/one-pass/predict-then-adapt > fog-3"]
      ),
      (
        "{name: x, protocol: clean-to-shifted, corruptions: [fog, snow]}",
        ["clean > fog-3", "clean > snow-3"]
      ),
      (
        "{name: x, protocol: cross-shift, corruptions: [clean, fog]}",
        ["clean > clean", "clean > fog-3", "fog-3 > clean", "fog-3 > fog-3"]
      ),
      (
        "{name: x, protocol: continual, corruptions: [fog, snow]}",
        [
          "continual(fog-3>snow-3) > fog-3 (1)", "continual(fog-3>snow-3) > snow-3 (1)",
          "continual(fog-3>snow-3) > fog-3 (2)", "continual(fog-3>snow-3) > snow-3 (2)",
        ]
      ),
      (
        "{name: x, protocol: unseen, unseen: c, corruptions: fog}", ["fog-3 > fog-3"]
      ),
    ])
  func presets(experiment: String, expected: [String]) throws {
    #expect(try streams(experiment) == expected)
  }

  @Test(
    "Streams combine freely",
    arguments: [
      (
        "{name: x, corruptions: [clean, fog], adapt: {shift: mixed}, evaluate: {mixed: true}}",
        ["mixed(clean+fog-3) > mixed(clean+fog-3)"]
      ),
      (
        "{name: x, corruptions: fog, adapt: {corruptions: [snow], severity: 5, part: first-half}}",
        ["snow-5/first-half > fog-3"]
      ),
      (
        "{name: x, corruptions: [fog], adapt: {amount: 0.05, classes: 0.5, order: sorted}}",
        ["fog-3/classes=0.5/amount=0.05/sorted > fog-3"]
      ),
      (
        "{name: x, protocol: online, corruptions: [fog, snow], adapt: {shift: continual}}",
        [
          "continual(fog-3>snow-3)/one-pass/predict-then-adapt > fog-3 (1)",
          "continual(fog-3>snow-3)/one-pass/predict-then-adapt > snow-3 (2)",
        ]
      ),
      (
        "{name: x, corruptions: fog, adapt: {shift: recurring, rounds: 2, corruptions: [snow]}}",
        ["recurring(snow-3)*2 > fog-3"]
      ),
      (
        "{name: x, corruptions: fog, adapt: {mix: proportional, order: dirichlet, delta: 1}}",
        ["fog-3/dirichlet=1.0/proportional > fog-3"]
      ),
    ])
  func combinations(experiment: String, expected: [String]) throws {
    #expect(try streams(experiment) == expected)
  }

  @Test("A ramp is evaluated at each of its severities at each boundary")
  func ramp() throws {
    let cells = try plan(
      "{name: x, protocol: continual, corruptions: fog, adapt: {shift: ramp}}"
    ).cells.filter { $0.adaptation.stream != nil }
    #expect(cells.count == 9 * 5)
    #expect(Set(cells.map(\.adaptation)).count == 1, "one adaptation")
    #expect(Set(cells.map(\.evaluate.text)) == Set((1...5).map { "fog-\($0)" }))
  }

  @Test("A method that does not adapt has one cell for each stream that is evaluated")
  func staticMethods() throws {
    for (name, count) in [("cross-shift", 3), ("continual", 3), ("online", 3), ("held-out", 3)] {
      let cells = try plan("{name: x, protocol: \(name), corruptions: [clean, fog, snow]}").cells
        .filter { $0.method.name == "ties" }
      #expect(cells.count == count && Set(cells.map(\.evaluate)).count == count)
      #expect(cells.allSatisfy { $0.adaptText == "none" && $0.boundary == nil })
    }
  }

  @Test("Each task is left out once")
  func leaveOneOut() throws {
    let plan = try plan(
      "{name: x, protocol: unseen, unseen: leave-one-out, corruptions: [clean, fog]}")
    #expect(plan.experiments.map(\.name) == ["x-without-a", "x-without-b", "x-without-c"])
    #expect(plan.experiments.map(\.unseen) == [["a"], ["b"], ["c"]])
    #expect(plan.experiments.map(\.seen) == [["b", "c"], ["a", "c"], ["a", "b"]])
    #expect(plan.experiments.allSatisfy { $0.streams.name == .unseen && $0.domains.count == 2 })
  }

  @Test("A protocol at the top of a plan holds for all experiments; own streams are custom")
  func names() throws {
    let path = try folder.write(
      """
      name: p
      suite: suite.yaml
      protocol: held-out
      experiments:
        - {name: x}
        - {name: y, adapt: {amount: 0.5}}
        - {name: z, protocol: transductive}
      """, to: "plan.yaml")
    let plan = try Plan(contentsOf: path, methodNames: MethodCatalog.names)
    #expect(plan.experiments.map(\.streams.name) == [.heldOut, .heldOut, .transductive])
    #expect(
      plan.experiments[1].streams.adapt.selection == SelectionPlan(part: .firstHalf, amount: 0.5))
    #expect(try self.plan("{name: x, adapt: {amount: 0.5}}").experiments[0].streams.name == .custom)
  }

  @Test(
    "Streams that mean nothing are refused at their line",
    arguments: [
      ("{name: x, protocol: heldout}", "did you mean 'held-out'?"),
      ("{name: x, protocol: unseen}", "is unseen, and no task is"),
      ("{name: x, protocol: clean-to-shifted}", "has no corruption"),
      ("{name: x, protocol: online, unseen: c}", "unseen tasks have no images in the stream"),
      ("{name: x, protocol: online, evaluate: {part: first-half}}", "put part, amount and classes"),
      ("{name: x, adapt: {shift: ramp}}", "there is no corruption"),
      ("{name: x, adapt: {shift: same, corruptions: fog}}", "leave one of them out"),
      ("{name: x, adapt: {rounds: 2}}", "add 'shift: recurring'"),
      ("{name: x, adapt: {shfit: mixed}}", "did you mean 'shift'?"),
      ("{name: x, adapt: {order: sorted, delta: 1}}", "unknown key 'delta'"),
      ("{name: x, adapt: {amount: 0}}", "must be a number from"),
      ("{name: x, evaluate: {online: before}}", "predict-then-adapt"),
      ("{name: x, seen: a, unseen: leave-one-out}", "has no task to leave out"),
    ])
  func refusals(experiment: String, problem: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try plan(experiment) }
    #expect(error.description.contains("plan.yaml:5: "), "\(error)")
    #expect(error.description.contains(problem), "\(error)")
  }

  @Test("What is wrong with several experiments and methods is told at once")
  func several() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try plan(
        """
        {name: x, methods: [tise, task-aritmetic]}
          - {name: y, protocol: unsen}
          - {name: z, seen: [d]}
        """)
    }
    #expect(error.description.split(separator: "\n").count == 4)
    for part in ["'ties'", "'task-arithmetic'", "'unseen'", "unknown name 'd'"] {
      #expect(error.description.contains(part), "\(error)")
    }
  }

  @Test("A filter takes the cells that meet all of its conditions")
  func filter() throws {
    let plan = try plan("{name: x, protocol: cross-shift, corruptions: [clean, fog]}")
    func count(_ text: String) throws -> Int {
      let filter = try CellFilter(text, for: plan)
      return plan.cells.count(where: filter.matches)
    }
    #expect(try count("method=ties") == 2)
    #expect(try count("method=ties,corruption=fog") == 1)
    #expect(try count("method=ties,method=adamerging-layerwise,corruption=fog") == 3)
    #expect(try count("experiment=x,protocol=cross-shift,task=a") == plan.cells.count)
    for (text, problem) in [
      ("method=tise", "did you mean 'ties'?"), ("metod=ties", "did you mean 'method'?"),
      ("fog", "write key=value"), ("task=unheard-of", "a, b, c"), ("", "write key=value"),
    ] {
      let error = try #require(throws: EvaluationError.self) {
        try CellFilter(text, for: plan)
      }
      #expect("\(error)".contains(problem), "\(error)")
    }
  }
}
