import Configuration
import Datasets
import Evaluation
import Foundation
import Merging
import Streams
import TensorCore
import TestSupport
import Testing

private let methods = ["pretrained", "task-arithmetic", "ties", "adamerging-layerwise"]

@Suite("Plans")
struct PlanTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      name: tiny
      base: models/base
      tasks:
        - name: a
        - name: b
          manifest: lists/b.csv
          expert: /elsewhere/b
        - name: c
          images: pictures/c
          head: c.safetensors
      """, to: "suite.yaml")
  }

  private func plan(_ text: String, _ overrides: PlanOverrides = PlanOverrides()) throws -> Plan {
    let path = try folder.write(text, to: "plans/plan.yaml")
    return try Plan(contentsOf: path, methodNames: methods, overrides: overrides)
  }

  private func problem(_ text: String) throws -> String {
    let error = try #require(throws: ConfigurationError.self) { try plan(text) }
    return error.description.replacing(folder.path, with: "")
  }

  @Test("A suite's paths start at its file, with a place for everything by default")
  func suite() throws {
    let suite = try TaskSuite(contentsOf: folder.path)
    #expect(suite == (try TaskSuite(contentsOf: "\(folder.path)/suite.yaml")))
    #expect(suite.base == "\(folder.path)/models/base")
    #expect(suite.backbone == nil)
    #expect(
      suite["a"]
        == TaskFiles(
          name: "a", images: .dataset(DatasetSource("\(folder.path)/images/a/test")),
          expert: "\(folder.path)/models/experts/a", head: "\(folder.path)/heads/a.safetensors"))
    #expect(suite["b"]?.images == .manifest("\(folder.path)/lists/b.csv"))
    #expect(suite["b"]?.expert == "/elsewhere/b")
    #expect(suite["c"]?.images == .dataset(DatasetSource("\(folder.path)/pictures/c")))
  }

  @Test("A plan of one line per key runs every method on all tasks, clean, as the paper did")
  func defaults() throws {
    let plan = try plan(
      """
      name: p
      suite: ../suite.yaml
      experiments:
        - name: e
      """)
    let experiment = try #require(plan.experiments.first)
    #expect(experiment.seen == ["a", "b", "c"] && experiment.unseen == [])
    #expect(experiment.domains == [.clean])
    #expect(experiment.methods.map(\.title) == methods)
    #expect(experiment.seeds == [0])
    #expect(experiment.adaptation.title == "paper")
    #expect(experiment.adaptation.steps == 500 && experiment.adaptation.batchesPerStep == 2)
  }

  @Test("An experiment's keys win over the plan's, and the command line over both")
  func precedence() throws {
    let text = """
      name: p
      suite: ../suite.yaml
      severity: 2
      steps: 40
      seeds: [1, 2]
      methods: [pretrained]
      experiments:
        - {name: x, unseen: [b], corruptions: [clean, fog]}
        - {name: y, adaptation: fusionbench, severity: [1, 2.5], corruptions: fog, learning_rate: 0.01}
      """
    let plan = try plan(text)
    let (x, y) = (plan.experiments[0], plan.experiments[1])
    #expect(x.seen == ["a", "c"] && x.unseen == ["b"])
    #expect(x.domains == [.clean, Domain(corruption: "fog", severity: 2)])
    #expect(x.adaptation.title == "paper(steps=40)")
    #expect(y.domains.map(\.severity) == [1, 2.5])
    #expect(y.adaptation.title == "fusionbench(learning_rate=0.01)")
    #expect(y.adaptation.steps == 1000)

    let other = try self.plan(text, PlanOverrides(severities: [4], seeds: [9]))
    #expect(other.experiments[1].domains == [Domain(corruption: "fog", severity: 4)])
    #expect(other.experiments.allSatisfy { $0.seeds == [9] })

    var shorter = PlanOverrides()
    (shorter.steps, shorter.batchesPerStep, shorter.batchSize) = (10, 1, 8)
    shorter.learningRate = 0.05
    let short = try self.plan(text, shorter)
    #expect(
      short.experiments[1].adaptation.title
        == "fusionbench(steps=10 batch_size=8 learning_rate=0.05)")
  }

  @Test("Cells run by seed, then by domain, then by method, so that methods share images")
  func expansion() throws {
    let cells = try plan(
      """
      name: p
      suite: ../suite.yaml
      seeds: [1, 2]
      methods: [pretrained, ties]
      experiments: [{name: x, corruptions: [clean, fog], unseen: c}]
      """
    ).cells
    #expect(
      cells.map { "\($0.seed) \($0.evaluate.text) \($0.method.title)" } == [
        "1 clean pretrained", "1 clean ties", "1 fog-3 pretrained", "1 fog-3 ties",
        "2 clean pretrained", "2 clean ties", "2 fog-3 pretrained", "2 fog-3 ties",
      ])
    #expect(cells[0].tasks == ["a", "b", "c"])
  }

  @Test("A method's options and grid make choices of their own")
  func grid() throws {
    let choices = try plan(
      """
      name: p
      suite: ../suite.yaml
      methods:
        - ties: {lambda: 0.4, density: 0.1, grid: {lambda: [0.1, 0.4]}}
        - task-arithmetic
      experiments: [{name: x}]
      """
    ).experiments[0].methods
    #expect(
      choices.map(\.title) == [
        "ties (density=0.1,lambda=0.4)", "ties (density=0.1,lambda=0.1)", "task-arithmetic",
      ])
    #expect(choices.map(\.isGridPoint) == [false, true, false])
  }

  @Test("A grid of several options has every combination of their values")
  func gridOfSeveral() throws {
    let choices = try plan(
      """
      name: p
      suite: ../suite.yaml
      methods:
        - task-arithmetic:
            grid: {lambda_attention: [0.1, 0.2], lambda_mlp: [0.3, 0.4]}
      experiments: [{name: x}]
      """
    ).experiments[0].methods
    #expect(
      choices.map(\.optionsText) == [
        "", "lambda_attention=0.1,lambda_mlp=0.3", "lambda_attention=0.1,lambda_mlp=0.4",
        "lambda_attention=0.2,lambda_mlp=0.3", "lambda_attention=0.2,lambda_mlp=0.4",
      ])
  }

  @Test(
    "A plan that can't be right is refused at its line",
    arguments: [
      ("- {name: x, unseen: [d]}", "/plans/plan.yaml:4: experiments[0].unseen: unknown name 'd'"),
      ("- {name: x, seen: [a], unseen: [a]}", "task 'a' is seen too"),
      ("- {name: x, seen: [a, a]}", "task 'a' stands twice"),
      ("- {name: x, unseen: [a, b, c]}", "has no task"),
      ("- {name: x, corruptions: []}", "is empty or has a name twice"),
      ("- {name: x, corruptions: [fog, fog]}", "is empty or has a name twice"),
      ("- {name: x, corruptions: [../fog]}", "not a plain name"),
      ("- {name: x, severity: 6}", "must be a number from 0 to 5"),
      ("- {name: x, severity: 0}", "is 0; list 'clean'"),
      ("- {name: x, severity: [2, 2]}", "has a value twice"),
      ("- {name: x, adaptation: papper}", "did you mean 'paper'?"),
      ("- {name: x, step: 5}", "did you mean 'steps'?"),
      ("- {name: x, methods: [tise]}", "did you mean 'ties'?"),
      ("- {name: x, methods: [ties, ties]}", "'ties' stands twice"),
      ("- {name: x, methods: []}", "must be a list of methods, 'all' or 'catalogue'"),
      ("- {name: x, methods: [ties: {grid: 3}]}", "must be a mapping"),
      ("- {name: x, methods: [ties: {grid: {lambda: 3}}]}", "grid: {lambda: [0.1, 0.2]}"),
      ("- {name: x, methods: [ties: {grid: {}}]}", "grid: {lambda: [0.1, 0.2]}"),
      ("- {name: '=1+1'}", "is not a plain name"),
      ("- {name: x}\n  - {name: x}", "experiment 'x' stands twice"),
      ("[]", "has no experiment"),
    ])
  func refusals(experiments: String, problem: String) throws {
    let text = "name: p\nsuite: ../suite.yaml\nexperiments:\n  \(experiments)\n"
    let message = try self.problem(text)
    #expect(message.contains(problem))
  }

  @Test(
    "A suite that can't be right is refused",
    arguments: [
      ("tasks: [{name: a}, {name: a}]", "task 'a' stands twice"),
      ("tasks: [{name: a, images: x, manifest: y}]", "give one of the two"),
      ("tasks: [{name: a, images: x, layout: idy}]", "did you mean 'idx'?"),
      ("tasks: [{name: a, images: x, split: all}]", "train, val, test, extra"),
      ("tasks: [{name: a, images: x, classes: [b, b]}]", "name each class once"),
      ("tasks: []", "has no task"),
      ("tasks: [{name: a/b}]", "is not a plain name"),
      ("tasks: [{name: a, heads: x}]", "did you mean 'head'?"),
      ("tasks: [{name: a}]\nmean: [0.5]", "a list of 3 numbers"),
    ])
  func suiteRefusals(tasks: String, problem: String) throws {
    let document = try YAMLDocument(text: "name: s\nbase: b\n\(tasks)", file: "suite.yaml")
    let error = try #require(throws: ConfigurationError.self) { try TaskSuite(document) }
    #expect(error.description.contains(problem))
  }

  @Test("The plans that come with the project hold the paper's three experiments, and a demo")
  func shipped() throws {
    let plans = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "fixtures/plans")
    let tasks = [
      "digits", "house-numbers", "traffic-signs", "textures", "land-cover", "aerial-scenes",
      "vehicles", "scenes",
    ]
    try folder.write(
      "name: embedded\nbase: b\ntasks:\n" + tasks.map { "  - name: \($0)\n" }.joined(),
      to: "suite.yaml")
    func load(_ name: String) throws -> Plan {
      let text = try String(contentsOf: plans.appending(path: name), encoding: .utf8)
      let path = try folder.write(text, to: "plans/\(name)")
      return try Plan(contentsOf: path, methodNames: MethodCatalog.names)
    }
    let paper = try load("paper.yaml")
    #expect(paper.experiments.map(\.seen.count) == [8, 6, 6, 4])
    #expect(paper.experiments.map(\.unseen.count) == [0, 2, 2, 0])
    #expect(paper.experiments.map(\.domains.count) == [1, 1, 1, 8])
    #expect(paper.experiments.allSatisfy { $0.adaptation.title == "paper" })
    #expect(paper.experiments.allSatisfy { Set($0.tasks).count == $0.tasks.count })
    let names = Set(paper.experiments[0].methods.map(\.name))
    #expect(names == Set(MethodCatalog.paperNames))
    let demo = try load("demo.yaml")
    #expect(demo.cells.count == 8 * names.count)
    #expect(demo.experiments[0].seen == paper.experiments[3].seen)
  }

  @Test("The plan for CLIP checkpoints holds the paper's experiments on its own eight data sets")
  func clip() throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "fixtures")
    let plan = try Plan(
      contentsOf: fixtures.appending(path: "plans/clip.yaml").path(percentEncoded: false),
      methodNames: MethodCatalog.names)
    #expect(plan.experiments.map(\.seen.count) == [8, 6, 6, 4])
    #expect(plan.experiments.map(\.unseen.count) == [0, 2, 2, 0])
    #expect(plan.experiments.map(\.domains.count) == [1, 1, 1, 8])
    #expect(plan.experiments.allSatisfy { $0.adaptation.title == "paper" })
    let layouts = plan.suite.tasks.map { task -> DatasetLayout? in
      guard case .dataset(let source) = task.images, source.split == .test else { return nil }
      return source.layout
    }
    #expect(layouts == [.sun397, .cars, .resisc45, .eurosat, .svhn, .gtsrb, .idx, .dtd])
    let heads = fixtures.deletingLastPathComponent().appending(path: "heads")
    for task in plan.suite.tasks {
      let names = heads.appending(path: "\(task.name).yaml").path(percentEncoded: false)
      #expect(FileManager.default.fileExists(atPath: names))
    }
  }

  @Test("A task's images may be a data set as it lies on disk, with a layout, a split and classes")
  func datasets() throws {
    let document = try YAMLDocument(
      text: """
        name: s
        base: b
        tasks:
          - {name: a, images: data/mnist, layout: idx, split: train, class_names: head}
          - {name: b, images: /d/x, class_names: [one, two], classes: [two]}
        """, file: "/s/suite.yaml")
    let suite = try TaskSuite(document)
    #expect(
      suite.tasks[0].images
        == .dataset(
          DatasetSource("/s/data/mnist", layout: .idx, split: .train, classNames: .head)))
    #expect(
      suite.tasks[1].images
        == .dataset(DatasetSource("/d/x", classNames: .list(["one", "two"]), classes: ["two"])))
  }
}
