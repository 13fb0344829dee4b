import Checkpoints
import Configuration
import Evaluation
import Foundation
import Merging
import TensorCore
import TestSupport
import Testing
import VisionModels

@Suite("A plan checked as a whole")
struct PlanReadingTests {
  private let tiny: TinySuite

  init() throws { tiny = try TinySuite() }

  private func reading(_ text: String) throws -> PlanReading {
    let path = try tiny.folder.write(text, to: "plan.yaml")
    return PlanReading(contentsOf: path, methodNames: MethodCatalog.names)
  }

  /// What a run would be refused with, without the folder's name.
  private func problems(_ text: String) throws -> [String] {
    let library = try tiny.recipes()
    let reading = try reading(text)
    let error = try #require(throws: EvaluationError.self) { try reading.checked(library: library) }
    guard case .unsuitable(let file, let problems) = error else {
      Issue.record("\(error)")
      return []
    }
    #expect(file == reading.file)
    return problems.map { $0.replacing("\(tiny.path)/", with: "") }
  }

  private func expect(_ problems: [String], _ parts: [String]) {
    #expect(problems.count == parts.count, "\(problems)")
    for part in parts { #expect(problems.contains { $0.contains(part) }, "\(part) in \(problems)") }
  }

  @Test("Misspelt names, bad values, missing files and classes that don't fit are told in one go")
  func everything() throws {
    try FileManager.default.removeItem(atPath: "\(tiny.path)/models/experts/red")
    try FileManager.default.removeItem(atPath: "\(tiny.path)/images/green/test")
    let four = Tensor(shape: [4, 8], values: [Float](repeating: 1, count: 32))
    try SafetensorsWriter.write(
      [("weight", four)], to: "\(tiny.path)/heads/blue.safetensors")
    expect(
      try problems(
        """
        name: p
        suite: suite.yaml
        methods: [tise, ties: {lamda: 0.4}, pretrained]
        steps: many
        stepz: 3
        experiments:
          - {name: x, corruptions: [clean, flatt], severity: 7, unseen: [bleu]}
          - {name: y, protocol: onlin, seeds: [1, 1]}
        """),
      [
        "plan.yaml:3: methods[0]: unknown name 'tise'; did you mean 'ties'?",
        "plan.yaml:3: methods[1].ties: unknown key 'lamda'; did you mean 'lambda'?",
        "plan.yaml:4: steps: is 'many'; it must be an integer from 0 to 1000000",
        "plan.yaml:5: unknown key 'stepz'",
        "plan.yaml:7: experiments[0].corruptions: ",
        "plan.yaml:7: experiments[0].severity: is 7; it must be a number from 0 to 5",
        "plan.yaml:7: experiments[0].unseen: unknown name 'bleu'; did you mean 'blue'?",
        "plan.yaml:8: experiments[1].protocol: unknown name 'onlin'; did you mean 'online'?",
        "plan.yaml:8: experiments[1].seeds: has a value twice; list each value once",
        "suite.yaml:4: tasks[0].expert: models/experts/red: no such file or folder; put there the "
          + "fine-tuned checkpoint: config.json and model.safetensors",
        "suite.yaml:5: tasks[1].images: images/green/test: no such folder of images; there should be "
          + "one folder of images for each class",
        "suite.yaml:6: tasks[2].images: blue: 3 classes, but heads/blue.safetensors has 4 rows "
          + "without names; they should be as many, in the order of the names",
      ])
  }

  @Test("What is wrong with a suite does not hide what is wrong with the plan and its files")
  func suite() throws {
    try tiny.folder.write(
      """
      name: tiny
      base: models/bass
      tasks:
        - {name: red, images: images/red/test, layout: foldr}
        - {name: green, heads: x, images: images/green/test}
        - {name: blue, images: images/blue/test}
        - {name: blue}
      means: [1]
      """, to: "suite.yaml")
    expect(
      try problems(
        "name: p\nsuite: suite.yaml\nexperiments: [{name: x, seen: [red, bleu, blue]}]\n"),
      [
        "suite.yaml:4: tasks[0].layout: unknown name 'foldr'; did you mean 'folder'?",
        "suite.yaml:5: tasks[1]: unknown key 'heads'; did you mean 'head'?",
        "suite.yaml:7: tasks[3].name: task 'blue' stands twice; name each once",
        "suite.yaml:8: unknown key 'means'; did you mean 'mean'?",
        // Red is a task all the same, though not to be used.
        "plan.yaml:3: experiments[0].seen: unknown name 'bleu'; did you mean 'blue'?",
        "suite.yaml:2: base: models/bass: no such file or folder; put there the pretrained checkpoint",
      ])
  }

  @Test("Without a suite the plan itself is checked, and no task is called unknown")
  func noSuite() throws {
    expect(
      try problems(
        """
        name: p
        suite: nowhere
        experiments: [{name: x, seen: [red], methods: [tise], corruptions: [flatt]}]
        """),
      [
        "plan.yaml:2: suite: nowhere: can't be read: no such file; name the suite's file or its folder",
        "methods[0]: unknown name 'tise'", "experiments[0].corruptions: ",
      ])
  }

  @Test("A problem has no consequences that are told as well")
  func consequences() throws {
    // A protocol that can't be read is not held against the experiment's tasks.
    expect(
      try problems(
        """
        name: p
        suite: suite.yaml
        experiments:
          - {name: x, protocol: unseen, unseen: [bleu]}
          - {name: y, adapt: {order: dirichet, delta: 1}}
        """), ["unknown name 'bleu'", "adapt.order: unknown name 'dirichet'"])
  }

  @Test("A file that is no plan says so, alone")
  func noPlan() throws {
    expect(try problems("name: [\n"), ["not valid YAML"])
    expect(try problems("- a\n"), ["it must be a mapping"])
    let missing = PlanReading(contentsOf: "/nowhere.yaml", methodNames: [])
    #expect(missing.problems.map(\.description) == ["/nowhere.yaml: can't be read: no such file"])
    #expect(throws: ConfigurationError.self) { try missing.plan() }
  }

  @Test("A plan of which every word can be read is given as it is; its files are not looked at")
  func readable() throws {
    try FileManager.default.removeItem(atPath: "\(tiny.path)/models/experts/red")
    let reading = try reading("name: p\nsuite: suite.yaml\nexperiments: [{name: x}]\n")
    #expect(reading.problems.isEmpty)
    #expect(try reading.checked(library: tiny.recipes()).cells.count > 0)
  }

  @Test("The diagnosis tells the plan's problems beside those of its files")
  func diagnosis() throws {
    try FileManager.default.removeItem(atPath: "\(tiny.path)/heads/red.safetensors")
    let diagnosis = PlanDiagnosis(
      try reading("name: p\nsuite: suite.yaml\nexperiments: [{name: x, methods: [tise]}]\n"),
      library: try tiny.recipes(), output: tiny.path)
    #expect(diagnosis.problems.map(\.subject) == ["plan", "head of 'red'"])
    #expect(diagnosis.problems[1].text.contains("suite.yaml:4: tasks[0].head: "))
    #expect(!diagnosis.findings.contains { $0.subject == "time" }, "no cost of half a plan")
  }
}
