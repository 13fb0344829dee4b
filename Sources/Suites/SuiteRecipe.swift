internal import TensorCore
public import Training

/// How the embedded suite is made: how many images of which kind, and the training's settings.
///
/// The settings were chosen by the accuracies on training and validation images alone.
public struct SuiteRecipe: Sendable, Hashable {
  public var training: TrainingSettings
  /// Per task, shared evenly among its classes.
  public var trainingImages: Int
  public var validationImages: Int
  public var testImages: Int
  /// Of the test images, every so-manyth is a PNG file, the others are JPEG files.
  public var pngInterval: Int
  /// Of the JPEG files, as libjpeg counts.
  public var jpegQuality: Int

  public init(
    training: TrainingSettings, trainingImages: Int, validationImages: Int, testImages: Int,
    pngInterval: Int, jpegQuality: Int
  ) {
    self.training = training
    self.trainingImages = trainingImages
    self.validationImages = validationImages
    self.testImages = testImages
    self.pngInterval = pngInterval
    self.jpegQuality = jpegQuality
  }

  /// The suite of `fixtures/`.
  public static func embedded(seed: UInt64) -> SuiteRecipe {
    SuiteRecipe(
      training: TrainingSettings(
        seed: seed, model: ModelSettings(), logitScale: 20,
        pretraining: OptimizationSettings(
          steps: 2400, batchSize: 128, learningRate: 1e-3),
        // The means of one or two images per class: good features under mediocre heads, as CLIP's
        // with heads made of class names.
        probe: ProbeSettings(steps: 0, imagesPerTask: 12),
        // Small steps from good features: task vectors that can be added. No label smoothing: it
        // would keep an expert from being surer of its images than the base model, and then the
        // entropy of predictions says nothing about which of the two is right.
        experts: OptimizationSettings(
          steps: 500, batchSize: 64, learningRate: 2e-4, labelSmoothing: 0)),
      // A PNG file of a noisy picture is four times a JPEG file: a quarter of them keeps the suite
      // below 14 MB.
      trainingImages: 3000, validationImages: 300, testImages: 160, pngInterval: 4,
      jpegQuality: 92)
  }

  /// A small suite, made in seconds, whose models have learned next to nothing: for tests.
  public static func quick(seed: UInt64) -> SuiteRecipe {
    SuiteRecipe(
      training: TrainingSettings(
        seed: seed,
        model: ModelSettings(
          patchSize: 16, width: 16, layers: 1, heads: 2, mlpWidth: 32, embeddingWidth: 8),
        logitScale: 20,
        pretraining: OptimizationSettings(steps: 4, batchSize: 16, learningRate: 1e-3),
        probe: ProbeSettings(steps: 10, batchSize: 16, views: 0),
        experts: OptimizationSettings(steps: 3, batchSize: 8, learningRate: 3e-4)),
      trainingImages: 24, validationImages: 12, testImages: 24, pngInterval: 2,
      jpegQuality: 92)
  }
}
