internal import Checkpoints
public import Imaging
internal import TensorCore
public import VisionModels

/// A pretrained model to start from, in place of pretraining one.
public struct GivenBase: Sendable {
  public let checkpoint: VisionCheckpoint
  /// How images become its input.
  public let preprocessing: Preprocessing

  public init(_ checkpoint: VisionCheckpoint, preprocessing: Preprocessing) {
    precondition(
      preprocessing.imageSize == checkpoint.configuration.imageSize, "images of the model's size")
    self.checkpoint = checkpoint
    self.preprocessing = preprocessing
  }

  /// What tells it from others in a training's record.
  var hash: String {
    unsafe checkpoint.parameters.values.withUnsafeBytes { "\(unsafe ContentHash(of: Array($0)))" }
  }
}

extension ModelSettings {
  /// The sizes of a model that is there already.
  init(_ configuration: ViTConfiguration) {
    self.init(
      imageSize: configuration.imageSize, patchSize: configuration.patchSize,
      width: configuration.width, layers: configuration.layerCount, heads: configuration.headCount,
      mlpWidth: configuration.mlpWidth, embeddingWidth: configuration.embeddingWidth)
  }
}
