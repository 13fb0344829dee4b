public import Configuration
internal import Corruptions
public import Merging
public import Streams
public import TensorCore

/// A group of cells that makes one table: methods on tasks under domains.
public struct Experiment: Hashable, Sendable {
  public let name: String
  /// Whose experts are merged, and whose streams are adapted to.
  public let seen: [String]
  /// Evaluated only.
  public let unseen: [String]
  public let domains: [Domain]
  /// How recipes are read.
  public let profile: String
  public let methods: [MethodChoice]
  public let adaptation: AdaMergingSettings
  public let seeds: [UInt64]

  public init(
    name: String, seen: [String], unseen: [String], domains: [Domain], profile: String,
    methods: [MethodChoice], adaptation: AdaMergingSettings, seeds: [UInt64]
  ) {
    self.name = name
    self.seen = seen
    self.unseen = unseen
    self.domains = domains
    self.profile = profile
    self.methods = methods
    self.adaptation = adaptation
    self.seeds = seeds
  }

  public var tasks: [String] { seen + unseen }
}

/// What a command line changes of a plan, in all its experiments.
public struct PlanOverrides: Sendable {
  public var severities: [Severity]?
  public var seeds: [UInt64]?
  public var steps: Int?
  public var batchesPerStep: Int?
  public var batchSize: Int?
  public var learningRate: Double?

  public init(severities: [Severity]? = nil, seeds: [UInt64]? = nil) {
    self.severities = severities
    self.seeds = seeds
  }

  fileprivate func applied(to settings: AdaMergingSettings) -> AdaMergingSettings {
    var settings = settings
    settings.steps = steps ?? settings.steps
    settings.batchesPerStep = batchesPerStep ?? settings.batchesPerStep
    settings.batchSize = batchSize ?? settings.batchSize
    settings.learningRate = learningRate ?? settings.learningRate
    return settings
  }
}

/// What `mergeshift bench` runs, as a YAML file describes it:
///
///     name: my-plan
///     suite: ../suite.yaml            # the models, tasks and images; relative to the plan
///     # The keys from here on may stand at the top, for all experiments, and in an experiment.
///     methods:                        # default 'all', of the paper's tables; 'catalogue': every one
///       - pretrained
///       - task-arithmetic: {lambda: 0.3, grid: {lambda: [0.1, 0.2, 0.4]}}
///       - adamerging-layerwise
///     profile: imagecorruptions           # how recipes are read
///     severity: 3                     # of the corruptions; 1 to 5 or between, or a list
///     protocol: paper                 # or fusionbench; the next four change it
///     steps: 500
///     batches_per_step: 2             # per task
///     batch_size: 16
///     learning_rate: 0.001
///     seeds: [0]
///     experiments:
///       - name: unseen
///         seen: [a, b]                # default: all tasks of the suite but the unseen ones
///         unseen: [c]                 # evaluated, not merged; default: none
///         corruptions: [clean, fog]   # default: clean
public struct Plan: Hashable, Sendable {
  public let file: String
  public let name: String
  public var suite: TaskSuite
  public let experiments: [Experiment]

  public init(file: String, name: String, suite: TaskSuite, experiments: [Experiment]) {
    self.file = file
    self.name = name
    self.suite = suite
    self.experiments = experiments
  }

  /// Reads the plan and the suite that it names.
  ///
  /// - Parameters:
  ///   - methodNames: every method that there is.
  ///   - overrides: what the command line sets instead.
  public init(
    contentsOf path: String, methodNames: [String], overrides: PlanOverrides = PlanOverrides()
  ) throws(ConfigurationError) {
    let document = try YAMLDocument(contentsOf: path)
    var reader = try document.reader()
    file = path
    name = try reader.name("name")
    suite = try TaskSuite(contentsOf: Path.resolve(try reader.string("suite"), from: path))
    let shared = try ExperimentDefaults(
      &reader,
      over: ExperimentDefaults(
        methods: ExperimentDefaults.paperMethods(methodNames)),
      methodNames: methodNames)
    var experiments: [Experiment] = []
    for var item in try reader.readers("experiments") {
      let experiment = try Experiment(
        &item, suite: suite, defaults: shared, methodNames: methodNames, overrides: overrides)
      guard !experiments.contains(where: { $0.name == experiment.name }) else {
        throw item.invalid(
          "name", "experiment '\(experiment.name)' stands twice", remedy: "name each once")
      }
      experiments.append(experiment)
    }
    guard !experiments.isEmpty else {
      throw reader.invalid("experiments", "has no experiment", remedy: "list at least one")
    }
    self.experiments = experiments
    try reader.finish()
  }
}

/// The keys that may stand at a plan's top and in an experiment.
private struct ExperimentDefaults {
  var methods: [MethodChoice]
  var profile = RecipeLibrary.defaultProfile
  var severities: [Severity] = [3]
  var adaptation = AdaMergingSettings(.paper)
  var seeds: [UInt64] = [0]

  init(methods: [MethodChoice]) {
    self.methods = methods
  }

  init(
    _ reader: inout ParameterReader, over defaults: ExperimentDefaults, methodNames: [String]
  ) throws(ConfigurationError) {
    self = defaults
    if let node = reader.node("methods") {
      methods = try Self.methods(node, reader, methodNames: methodNames)
    }
    profile = try reader.string("profile", default: profile)
    severities = try reader.doubles(
      "severity", in: 0...Severity.range.upperBound, default: severities.map(\.value)
    ).map { (value) throws(ConfigurationError) in
      guard let severity = Severity(validating: value) else {
        throw reader.invalid(
          "severity", "is 0", remedy: "list 'clean' among the corruptions for images as they are")
      }
      return severity
    }
    if reader.has("protocol") {
      // Another preset brings its own numbers.
      adaptation = AdaMergingSettings(
        try reader.choice("protocol", of: AdaMergingSettings.Preset.self))
    }
    adaptation.steps = try reader.int("steps", in: 0...1_000_000, default: adaptation.steps)
    adaptation.batchesPerStep = try reader.int(
      "batches_per_step", in: 1...10_000, default: adaptation.batchesPerStep)
    adaptation.batchSize = try reader.int(
      "batch_size", in: 1...65_536, default: adaptation.batchSize)
    adaptation.learningRate = try reader.double(
      "learning_rate", in: 1e-9...10, default: adaptation.learningRate)
    seeds = try reader.ints("seeds", in: 0...Int.max, default: seeds.map { Int($0) })
      .map { UInt64($0) }
    for (key, isRepeated, isEmpty) in [
      ("severity", Set(severities).count < severities.count, severities.isEmpty),
      ("seeds", Set(seeds).count < seeds.count, seeds.isEmpty),
    ] where isRepeated || isEmpty {
      throw reader.invalid(
        key, isEmpty ? "is an empty list" : "has a value twice", remedy: "list each value once")
    }
  }

  /// Those of the paper's tables, so that what plans mean by all does not grow with the catalogue.
  static func paperMethods(_ names: [String]) -> [MethodChoice] {
    MethodCatalog.paperNames.filter(names.contains).map(MethodChoice.init)
  }

  private static func methods(
    _ node: YAMLNode, _ reader: ParameterReader, methodNames: [String]
  ) throws(ConfigurationError) -> [MethodChoice] {
    switch node.content {
    case .scalar("all", _): return paperMethods(methodNames)
    case .scalar("catalogue", _): return methodNames.map(MethodChoice.init)
    default: break
    }
    guard case .sequence(let items) = node.content, !items.isEmpty else {
      throw .wrongKind(
        reader.place(of: "methods"), got: node.summary,
        expected: "a list of methods, 'all' or 'catalogue'")
    }
    var methods: [MethodChoice] = []
    for (index, item) in items.enumerated() {
      let place = ConfigurationError.Place(
        file: reader.file, line: item.line, field: "\(reader.place(of: "methods").field)[\(index)]")
      for choice in try MethodChoice.choices(item, at: place) {
        guard methodNames.contains(choice.name) else {
          throw .unknown(choice.name, at: place, choices: methodNames)
        }
        guard
          !methods.contains(where: {
            ($0.name, $0.optionsText) == (choice.name, choice.optionsText)
          })
        else {
          if choice.isGridPoint { continue }
          throw .invalid(
            place, problem: "'\(choice.title)' stands twice", remedy: "list each choice once")
        }
        methods.append(choice)
      }
    }
    return methods
  }
}

extension Experiment {
  fileprivate init(
    _ reader: inout ParameterReader, suite: TaskSuite, defaults: ExperimentDefaults,
    methodNames: [String], overrides: PlanOverrides
  ) throws(ConfigurationError) {
    name = try reader.name("name")
    let settings = try ExperimentDefaults(&reader, over: defaults, methodNames: methodNames)
    let names = suite.tasks.map(\.name)
    unseen = try Self.tasks("unseen", &reader, default: [], of: names)
    let others = names.filter { [unseen] name in !unseen.contains(name) }
    seen = try Self.tasks("seen", &reader, default: others, of: names)
    guard !seen.isEmpty else {
      throw reader.invalid("seen", "has no task", remedy: "a merge needs at least one")
    }
    if let both = seen.first(where: unseen.contains) {
      throw reader.invalid(
        "unseen", "task '\(both)' is seen too", remedy: "list it in one of the two")
    }
    let corruptions = try reader.strings("corruptions", default: [Domain.cleanName])
    guard !corruptions.isEmpty, Set(corruptions).count == corruptions.count else {
      throw reader.invalid(
        "corruptions", "is empty or has a name twice", remedy: "list each name once")
    }
    for corruption in corruptions { try reader.check(name: corruption, key: "corruptions") }
    let severities = overrides.severities ?? settings.severities
    domains = corruptions.flatMap { corruption in
      corruption == Domain.cleanName
        ? [.clean] : severities.map { Domain(corruption: corruption, severity: $0) }
    }
    profile = settings.profile
    methods = settings.methods
    adaptation = overrides.applied(to: settings.adaptation)
    seeds = overrides.seeds ?? settings.seeds
    try reader.finish()
  }

  private static func tasks(
    _ key: String, _ reader: inout ParameterReader, default tasks: [String], of names: [String]
  ) throws(ConfigurationError) -> [String] {
    let tasks = try reader.strings(key, default: tasks)
    for (index, task) in tasks.enumerated() {
      guard names.contains(task) else {
        throw .unknown(task, at: reader.place(of: key), choices: names)
      }
      guard !tasks[..<index].contains(task) else {
        throw reader.invalid(key, "task '\(task)' stands twice", remedy: "list each task once")
      }
    }
    return tasks
  }
}
