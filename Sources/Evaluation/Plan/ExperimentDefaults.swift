internal import Configuration
internal import Corruptions
internal import Merging
internal import Streams
internal import TensorCore

/// The keys that may stand at a plan's top and in an experiment.
struct ExperimentDefaults {
  var methods: [MethodChoice]
  var profile = RecipeLibrary.defaultProfile
  var severities: [Severity] = [3]
  var adaptation = AdaMergingSettings(.paper)
  var seeds: [UInt64] = [0]
  /// Nil until a plan says which.
  var streams: ExperimentStreams?

  init(methods: [MethodChoice]) {
    self.methods = methods
  }

  /// - Parameter problems: gets all that is wrong; what can't be read is as in `defaults`.
  init(
    _ reader: inout ParameterReader, over defaults: ExperimentDefaults, methodNames: [String],
    _ problems: inout ConfigurationProblems
  ) {
    self = defaults
    if let node = reader.node("methods") {
      methods = Self.methods(node, reader, methodNames: methodNames, &problems)
    }
    profile = problems.value(try reader.string("profile", default: profile), default: profile)
    severities = problems.value(
      try Severity.list(&reader, default: severities), default: severities)
    if reader.has("adaptation"),
      let preset = problems.value(
        try reader.choice("adaptation", of: AdaMergingSettings.Preset.self))
    {
      // Another preset brings its own numbers.
      adaptation = AdaMergingSettings(preset)
    }
    func int(_ key: String, in range: ClosedRange<Int>, default value: Int) -> Int {
      problems.value(try reader.int(key, in: range, default: value), default: value)
    }
    adaptation.steps = int("steps", in: 0...1_000_000, default: adaptation.steps)
    adaptation.batchesPerStep = int(
      "batches_per_step", in: 1...10_000, default: adaptation.batchesPerStep)
    adaptation.batchSize = int("batch_size", in: 1...65_536, default: adaptation.batchSize)
    let rate = adaptation.learningRate
    adaptation.learningRate = problems.value(
      try reader.double("learning_rate", in: 1e-9...10, default: rate), default: rate)
    seeds = problems.value(try Self.seeds(&reader, default: seeds), default: seeds)
  }

  private static func seeds(
    _ reader: inout ParameterReader, default values: [UInt64]
  ) throws(ConfigurationError) -> [UInt64] {
    let seeds = try reader.ints("seeds", in: 0...Int.max, default: values.map { Int($0) })
    guard !seeds.isEmpty, Set(seeds).count == seeds.count else {
      throw reader.invalid(
        "seeds", seeds.isEmpty ? "is an empty list" : "has a value twice",
        remedy: "list each value once")
    }
    return seeds.map { UInt64($0) }
  }

  /// Those of the paper's tables, so that what plans mean by all does not grow with the catalogue.
  static func paperMethods(_ names: [String]) -> [MethodChoice] {
    MethodCatalog.paperNames.filter(names.contains).map(MethodChoice.init)
  }

  /// Those of the choices that can be used.
  private static func methods(
    _ node: YAMLNode, _ reader: ParameterReader, methodNames: [String],
    _ problems: inout ConfigurationProblems
  ) -> [MethodChoice] {
    switch node.content {
    case .scalar("all", _): return paperMethods(methodNames)
    case .scalar("catalogue", _): return methodNames.map(MethodChoice.init)
    default: break
    }
    guard case .sequence(let items) = node.content, !items.isEmpty else {
      problems.add(
        .wrongKind(
          reader.place(of: "methods"), got: node.summary,
          expected: "a list of methods, 'all' or 'catalogue'"))
      return []
    }
    var methods: [MethodChoice] = []
    for (index, item) in items.enumerated() {
      let place = ConfigurationError.Place(
        file: reader.file, line: item.line, field: "\(reader.place(of: "methods").field)[\(index)]")
      for choice in problems.value(try MethodChoice.choices(item, at: place)) ?? [] {
        guard methodNames.contains(choice.name) else {
          problems.add(.unknown(choice.name, at: place, choices: methodNames))
          break
        }
        guard
          !methods.contains(where: {
            ($0.name, $0.optionsText) == (choice.name, choice.optionsText)
          })
        else {
          if choice.isGridPoint { continue }
          problems.add(
            .invalid(
              place, problem: "'\(choice.title)' stands twice", remedy: "list each choice once"))
          break
        }
        methods.append(choice)
      }
    }
    return methods
  }
}
