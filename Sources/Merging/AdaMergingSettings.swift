internal import Configuration
public import VisionModels

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
  /// alone. A larger batch goes through in parts, forward twice where the loss is no mean over images.
  /// Large models take fewer: as many as 1 GiB of activations allows.
  public var imagesPerPass = 1024
  /// The gradient of the keys' biases: zero, or the rounding noise of autograd.
  public var keyBias = KeyBiasGradient.exact

  // Remedies against what entropy minimisation does wrong; the published protocols have none.

  /// Images count whose entropy is below this share of `ln C` (0.4 in EATA, Niu et al., ICML 2022,
  /// and SAR, Niu et al., ICLR 2023); nil: all.
  public var entropyThreshold: Double?
  /// The weight of `- H(mean p)` over a batch, which holds the classes apart (SHOT, Liang et al.,
  /// ICML 2020).
  public var diversity = 0.0
  /// The weight of the squared distance of all raw coefficients to where they started.
  public var anchor = 0.0
  /// Coefficients and optimizer start anew after so many steps; nil: never.
  public var resetEvery: Int?
  /// How far, in the coefficients, the gradient is taken uphill from where they are: the
  /// sharpness-aware step of SAR (Foret et al., ICLR 2021); 0: none.
  public var sharpness = 0.0

  /// Batches of 16 in one shuffled pass over `images` images: how calibration takes a stream.
  static func onePass(images: Int) -> Self {
    var settings = Self(.fusionbench)
    settings.steps = (images + settings.batchSize - 1) / settings.batchSize
    return settings
  }

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
    if options.has("adaptation") {
      settings = Self(try options.choice("adaptation", of: Preset.self))
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
    settings.keyBias = try options.choice(
      "key_bias", of: KeyBiasGradient.self, default: settings.keyBias)
    if options.has("entropy_threshold") {
      settings.entropyThreshold = try options.double("entropy_threshold", in: 1e-6...1)
    }
    settings.diversity = try options.double("diversity", in: 0...1000, default: settings.diversity)
    settings.anchor = try options.double("anchor", in: 0...1e6, default: settings.anchor)
    if options.has("reset_every") {
      settings.resetEvery = try options.int("reset_every", in: 1...1_000_000)
    }
    settings.sharpness = try options.double("sharpness", in: 0...10, default: settings.sharpness)
    return settings
  }

  /// The options that `reading` takes, with their defaults, for help.
  static let optionNames =
    "adaptation, steps, batches_per_step, learning_rate, initial_coefficient 0.3, clamp, logarithm, "
    + "merge_projection, images_per_pass 1024, key_bias exact, entropy_threshold, diversity 0, "
    + "anchor 0, reset_every, sharpness 0"

  /// Every setting but the number of steps, by the names of plans: what a run that goes on has to
  /// have in common with the one that stopped.
  public var facts: [String: String] {
    [
      "adaptation": preset.rawValue, "batches_per_step": "\(batchesPerStep)",
      "batch_size": "\(batchSize)", "learning_rate": "\(learningRate)",
      "initial_coefficient": "\(initialCoefficient)", "clamp": "\(clamps)",
      "logarithm": logarithm.rawValue, "merge_projection": "\(mergesProjection)",
      "images_per_pass": "\(imagesPerPass)", "key_bias": keyBias.rawValue,
      "entropy_threshold": entropyThreshold.map { "\($0)" } ?? "none",
      "diversity": "\(diversity)", "anchor": "\(anchor)",
      "reset_every": resetEvery.map { "\($0)" } ?? "never", "sharpness": "\(sharpness)",
    ]
  }
}
