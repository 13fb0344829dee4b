internal import Configuration

/// How AdaMerging adapts: a published protocol, of which every setting can be changed.
public struct AdaMergingSettings: Sendable, Hashable {
  /// The published protocols (ALGORITHMS: the paper's official code, and FusionBench's).
  public enum Preset: String, Sendable, CaseIterable {
    case paper, fusionbench
  }

  /// Which logarithm the entropy takes.
  public enum Logarithm: String, Sendable, CaseIterable {
    /// log-softmax, as the paper's code.
    case exact
    /// `log(p + 1e-8)`, as FusionBench.
    case offset
  }

  public let preset: Preset
  public var steps: Int
  /// Of each task.
  public var batchesPerStep: Int
  /// Images in a batch; kept for the record, the stream makes the batches.
  public var batchSize = 16
  /// Of Adam, on the coefficients.
  public var learningRate = 1e-3
  /// Where all coefficients start.
  public var initialCoefficient = 0.3
  /// Whether coefficients are held in 0...1 where they are used; outside, they get no gradient.
  public var clamps: Bool
  public var logarithm: Logarithm
  /// Whether the visual projection is merged; otherwise it stays the base model's.
  public var mergesProjection: Bool
  /// The most images of one pass through the encoder: bounds memory, changes sums in the last place
  /// alone. A larger batch goes through in parts, forward twice. Large models take fewer: as many as
  /// 1 GiB of activations allows.
  public var imagesPerPass = 1024

  /// The protocol as it was published.
  public init(_ preset: Preset = .paper) {
    self.preset = preset
    switch preset {
    case .paper:
      (steps, batchesPerStep, clamps, logarithm) = (500, 2, true, .exact)
      mergesProjection = true
    case .fusionbench:
      (steps, batchesPerStep, clamps, logarithm) = (1000, 1, false, .offset)
      mergesProjection = false
    }
  }

  /// These settings, changed by the options of a plan.
  func reading(_ options: inout ParameterReader) throws(ConfigurationError) -> Self {
    var settings = self
    if options.has("protocol") {
      settings = Self(try options.choice("protocol", of: Preset.self))
    }
    settings.steps = try options.int("steps", in: 0...1_000_000, default: settings.steps)
    settings.batchesPerStep = try options.int(
      "batches_per_step", in: 1...10_000, default: settings.batchesPerStep)
    settings.learningRate = try options.double(
      "learning_rate", in: 1e-9...10, default: settings.learningRate)
    settings.initialCoefficient = try options.double(
      "initial_coefficient", in: -10...10, default: settings.initialCoefficient)
    settings.clamps = try options.bool("clamp", default: settings.clamps)
    settings.logarithm = try options.choice(
      "logarithm", of: Logarithm.self, default: settings.logarithm)
    settings.mergesProjection = try options.bool(
      "merge_projection", default: settings.mergesProjection)
    settings.imagesPerPass = try options.int(
      "images_per_pass", in: 1...1_000_000, default: settings.imagesPerPass)
    return settings
  }
}
