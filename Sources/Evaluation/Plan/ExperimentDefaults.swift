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

  init(
    _ reader: inout ParameterReader, over defaults: ExperimentDefaults, methodNames: [String]
  ) throws(ConfigurationError) {
    self = defaults
    if let node = reader.node("methods") {
      methods = try Self.methods(node, reader, methodNames: methodNames)
    }
    profile = try reader.string("profile", default: profile)
    severities = try Severity.list(&reader, default: severities)
    if reader.has("adaptation") {
      // Another preset brings its own numbers.
      adaptation = AdaMergingSettings(
        try reader.choice("adaptation", of: AdaMergingSettings.Preset.self))
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
    guard !seeds.isEmpty, Set(seeds).count == seeds.count else {
      throw reader.invalid(
        "seeds", seeds.isEmpty ? "is an empty list" : "has a value twice",
        remedy: "list each value once")
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
    var problems: [ConfigurationError] = []
    for (index, item) in items.enumerated() {
      let place = ConfigurationError.Place(
        file: reader.file, line: item.line, field: "\(reader.place(of: "methods").field)[\(index)]")
      for choice in try MethodChoice.choices(item, at: place) {
        guard methodNames.contains(choice.name) else {
          problems.append(.unknown(choice.name, at: place, choices: methodNames))
          break
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
    if let problem = ConfigurationError.joined(problems) { throw problem }
    return methods
  }
}
