/// What is wanted of a checkpoint beyond what its files say.
public struct LoadingOptions: Sendable, Hashable {
  /// Whether position embeddings for images of another size are interpolated; else they are refused.
  public var interpolatesPositions: Bool
  /// Pixels on a side of the images; nil: what the preprocessor crops to if positions are
  /// interpolated, else what the configuration says.
  public var imageSize: Int?
  /// The activation of weights without a `config.json`; nil: quick-GELU for CLIP (OpenAI's), GELU
  /// for the others.
  public var activation: Activation?

  public init(
    interpolatesPositions: Bool = false, imageSize: Int? = nil, activation: Activation? = nil
  ) {
    self.interpolatesPositions = interpolatesPositions
    self.imageSize = imageSize
    self.activation = activation
  }
}
