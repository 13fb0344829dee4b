public import Configuration

/// Every merging method, in the order of the paper's tables.
public enum MethodCatalog {
  /// A method that plans and commands can name.
  public struct Entry: Sendable {
    public let name: String
    /// One line: what it does.
    public let summary: String
    /// Whether it adapts to unlabeled images.
    public let isAdaptive: Bool
    /// The options that it takes, with their defaults.
    public let options: String
    private let build:
      @Sendable (inout ParameterReader, AdaMergingSettings) throws(ConfigurationError) ->
        any MergingMethod

    fileprivate init(
      _ name: String, _ summary: String, isAdaptive: Bool = false, options: String = "",
      _ build:
        @escaping @Sendable (inout ParameterReader, AdaMergingSettings) throws(ConfigurationError)
        -> any MergingMethod
    ) {
      self.name = name
      self.summary = summary
      self.isAdaptive = isAdaptive
      self.options = options
      self.build = build
    }

    /// The method with the given options, of which it refuses those that it does not know.
    ///
    /// - Parameter settings: of the adaptation, if the method adapts; the options come before them.
    public func method(
      options: consuming ParameterReader, settings: AdaMergingSettings = AdaMergingSettings()
    ) throws(ConfigurationError) -> any MergingMethod {
      let method = try build(&options, settings)
      try options.finish()
      return method
    }

    /// The method with its own options.
    public func method(settings: AdaMergingSettings = AdaMergingSettings()) -> any MergingMethod {
      do {
        let nothing = YAMLNode(.mapping([]), line: 1)
        return try method(options: ParameterReader(nothing, file: name), settings: settings)
      } catch {
        preconditionFailure("the defaults of \(name) are refused: \(error)")
      }
    }
  }

  public static let all: [Entry] = [
    Entry("pretrained", "the base model, unchanged: the lower reference") { _, _ in Pretrained() },
    Entry("individual", "each task its own expert: the upper reference") { _, _ in Individual() },
    Entry("weight-averaging", "the mean of the experts") { _, _ in WeightAveraging() },
    Entry(
      "task-arithmetic", "the base model plus lambda times the sum of the task vectors",
      options: "lambda 0.3, " + TensorLambdas.optionNames
    ) { options, _ throws(ConfigurationError) in
      TaskArithmetic(lambda: try lambda(&options), exceptions: try TensorLambdas(&options))
    },
    Entry(
      "magnitude-weighted", "task arithmetic, the task vectors weighted by their lengths",
      options: "lambda 0.3, weighting equal (or proportional), per model (or tensor)"
    ) { options, _ throws(ConfigurationError) in
      MagnitudeWeighted(
        lambda: try lambda(&options),
        weighting: try options.choice(
          "weighting", of: MagnitudeWeighted.Weighting.self, default: .equal),
        scope: try options.choice("per", of: MagnitudeWeighted.Scope.self, default: .model))
    },
    Entry(
      "ties", "task arithmetic on trimmed vectors, of which the entries of the elected sign stay",
      options: "lambda 0.3, density 0.2"
    ) { options, _ throws(ConfigurationError) in
      TIES(lambda: try lambda(&options), density: try density(&options))
    },
    dare("task arithmetic on vectors that lost entries at random, the others rescaled"),
    dare("ties on vectors that lost entries at random, the others rescaled", trims: true),
    Entry(
      "fisher", "the mean of the experts, each parameter weighted by its Fisher information",
      isAdaptive: true, options: "images 256, labels sampled (or expected), normalize true, seed 0"
    ) { options, _ throws(ConfigurationError) in
      FisherMerging(
        images: try options.int("images", in: 1...1_000_000, default: 256),
        labels: try options.choice("labels", of: FisherMerging.Labels.self, default: .sampled),
        normalizes: try options.bool("normalize", default: true),
        seed: UInt64(try options.int("seed", in: 0...Int.max, default: 0)))
    },
    Entry(
      "regmean", "linear layers by least squares on the experts' outputs, the rest averaged",
      isAdaptive: true, options: "images 256, alpha 0.9"
    ) { options, _ throws(ConfigurationError) in
      RegMean(
        images: try options.int("images", in: 1...1_000_000, default: 256),
        alpha: try options.double("alpha", in: 0...1, default: 0.9))
    },
    adaMerging(.taskwise, "learns a coefficient for each task by minimising entropy"),
    adaMerging(.layerwise, "learns a coefficient for each task and tensor by minimising entropy"),
    adaMerging(.taskwise, "adamerging-taskwise on the vectors of ties", trims: true),
    adaMerging(.layerwise, "adamerging-layerwise on the vectors of ties", trims: true),
  ]

  public static var names: [String] { all.map(\.name) }

  /// The methods of the paper's tables, which a plan runs unless it names others.
  public static let paperNames = [
    "pretrained", "individual", "weight-averaging", "task-arithmetic", "ties",
    "adamerging-taskwise", "adamerging-layerwise", "adamerging-taskwise++",
    "adamerging-layerwise++",
  ]

  /// - Throws: `unknownMethod`, with what there is.
  public static func entry(named name: String) throws(MergingError) -> Entry {
    guard let entry = all.first(where: { $0.name == name }) else {
      throw .unknownMethod(name, known: names)
    }
    return entry
  }

  private static func adaMerging(
    _ granularity: MergingCoefficients.Granularity, _ summary: String, trims: Bool = false
  ) -> Entry {
    let name = AdaMerging(granularity, density: trims ? 0.2 : nil).name
    return Entry(
      name, summary, isAdaptive: true,
      options: (trims ? "density 0.2, " : "") + AdaMergingSettings.optionNames
    ) { options, settings throws(ConfigurationError) in
      AdaMerging(
        granularity, density: trims ? try density(&options) : nil,
        settings: try settings.reading(&options))
    }
  }

  private static func dare(_ summary: String, trims: Bool = false) -> Entry {
    Entry(
      DARE(density: trims ? 0.2 : nil).name, summary,
      options: "lambda 0.3, drop_rate 0.9, seed 0" + (trims ? ", density 0.2" : "")
    ) { options, _ throws(ConfigurationError) in
      let rate = try options.double("drop_rate", in: 0...0.9999, default: 0.9)
      let seed = try options.int("seed", in: 0...Int.max, default: 0)
      return DARE(
        lambda: try lambda(&options), drop: RandomDrop(rate: rate, seed: UInt64(seed)),
        density: trims ? try density(&options) : nil)
    }
  }

  private static func lambda(
    _ options: inout ParameterReader
  ) throws(ConfigurationError) -> Double {
    try options.double("lambda", in: -10...10, default: 0.3)
  }

  private static func density(
    _ options: inout ParameterReader
  ) throws(ConfigurationError) -> Double {
    try options.double("density", in: 1e-6...1, default: 0.2)
  }
}
