public import VisionModels

/// One task to train on.
public struct TrainingTask: Sendable {
  public let name: String
  public let train: PooledDataset
  /// Never trained on; what settings are chosen by.
  public let validation: PooledDataset
  public let augmentation: Augmentation

  public init(
    name: String, train: PooledDataset, validation: PooledDataset, augmentation: Augmentation
  ) {
    precondition(train.classNames == validation.classNames, "one set of classes")
    self.name = name
    self.train = train
    self.validation = validation
    self.augmentation = augmentation
  }

  public var classNames: [String] { train.classNames }
}

/// The vision transformer to train.
public struct ModelSettings: Sendable, Hashable, Codable {
  public var imageSize: Int
  public var patchSize: Int
  public var width: Int
  public var layers: Int
  public var heads: Int
  public var mlpWidth: Int
  public var embeddingWidth: Int

  public init(
    imageSize: Int = 64, patchSize: Int = 8, width: Int = 96, layers: Int = 4, heads: Int = 6,
    mlpWidth: Int = 384, embeddingWidth: Int = 64
  ) {
    self.imageSize = imageSize
    self.patchSize = patchSize
    self.width = width
    self.layers = layers
    self.heads = heads
    self.mlpWidth = mlpWidth
    self.embeddingWidth = embeddingWidth
  }

  /// CLIP's architecture in these sizes, with quick-GELU.
  public func configuration() throws(TrainingError) -> ViTConfiguration {
    for (name, value) in [
      ("image size", imageSize), ("patch size", patchSize), ("width", width), ("layers", layers),
      ("heads", heads), ("MLP width", mlpWidth), ("embedding width", embeddingWidth),
    ] where value < 1 {
      throw .setting(name: name, reason: "\(value), at least 1 needed")
    }
    guard imageSize % patchSize == 0 else {
      throw .setting(
        name: "patch size", reason: "\(patchSize) does not divide the image size \(imageSize)")
    }
    guard width % heads == 0 else {
      throw .setting(name: "heads", reason: "\(heads) do not divide the width \(width)")
    }
    return ViTConfiguration(
      imageSize: imageSize, patchSize: patchSize, width: width, layerCount: layers,
      headCount: heads, mlpWidth: mlpWidth, embeddingWidth: embeddingWidth,
      activation: .quickGELU, layerNormEpsilon: 1e-5)
  }
}

/// How the heads are learned on the frozen base.
public struct ProbeSettings: Sendable, Hashable, Codable {
  public var steps: Int
  public var batchSize: Int
  public var learningRate: Double
  public var labelSmoothing: Double
  /// How many augmented views of each training image are used beside the image itself.
  public var views: Int
  /// How many training images of each task are used, chosen by the seed; 0 for all.
  public var imagesPerTask: Int

  public init(
    steps: Int = 1000, batchSize: Int = 256, learningRate: Double = 0.01,
    labelSmoothing: Double = 0.1, views: Int = 1, imagesPerTask: Int = 0
  ) {
    self.steps = steps
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.labelSmoothing = labelSmoothing
    self.views = views
    self.imagesPerTask = imagesPerTask
  }

  func validate() throws(TrainingError) {
    for (name, value, least) in [
      ("probe steps", steps, 0), ("probe batch size", batchSize, 1), ("probe views", views, 0),
      ("probe images per task", imagesPerTask, 0),
    ] where value < least {
      throw .setting(name: name, reason: "\(value), at least \(least) needed")
    }
    guard learningRate > 0, learningRate.isFinite else {
      throw .setting(name: "probe learning rate", reason: "a positive number needed")
    }
    guard (0..<1).contains(labelSmoothing) else {
      throw .setting(name: "probe label smoothing", reason: "\(labelSmoothing) is not in 0..<1")
    }
  }
}

/// Everything that determines a training but its data.
public struct TrainingSettings: Sendable, Hashable, Codable {
  public var seed: UInt64
  public var model: ModelSettings
  /// The hash of the parameters of a base model that is there already; nil: it is pretrained.
  public var base: String?
  /// The factor of the cosines in the logits, also of the heads that come out.
  public var logitScale: Float
  public var pretraining: OptimizationSettings
  public var probe: ProbeSettings
  public var experts: OptimizationSettings

  public init(
    seed: UInt64, model: ModelSettings, logitScale: Float, pretraining: OptimizationSettings,
    probe: ProbeSettings, experts: OptimizationSettings
  ) {
    self.seed = seed
    self.model = model
    self.logitScale = logitScale
    self.pretraining = pretraining
    self.probe = probe
    self.experts = experts
  }

  func validate() throws(TrainingError) {
    guard logitScale > 0, logitScale.isFinite else {
      throw .setting(name: "logit scale", reason: "\(logitScale), a positive number needed")
    }
    try pretraining.validate("pretraining")
    try probe.validate()
    try experts.validate("experts")
  }
}
