internal import Kernels

/// The activation of a transformer's MLP, named as Hugging Face's `hidden_act` names it.
public enum Activation: String, Sendable, Hashable, CaseIterable, Codable {
  /// `x sigmoid(1.702 x)`, of OpenAI's CLIP weights.
  case quickGELU = "quick_gelu"
  /// `x Phi(x)`, with the error function.
  case gelu

  var function: ActivationFunction {
    switch self {
    case .quickGELU: .quickGELU
    case .gelu: .gelu
    }
  }
}

/// The sizes of a vision transformer and its family; in files Hugging Face's `config.json`.
public struct ViTConfiguration: Sendable, Hashable {
  /// Pixels on a side of the square images.
  public let imageSize: Int
  /// Pixels on a side of a patch; divides `imageSize`.
  public let patchSize: Int
  public let width: Int
  public let layerCount: Int
  /// Divides `width`.
  public let headCount: Int
  public let mlpWidth: Int
  /// The width of the features: of the projection (`projection_dim`), or without one `width`.
  public let embeddingWidth: Int
  /// Whether class tokens are projected in the end; without, they are features as they are.
  public let hasProjection: Bool
  public let activation: Activation
  public let layerNormEpsilon: Float
  public let family: ViTFamily

  /// - Parameter embeddingWidth: the projection's; nil for a model without one.
  public init(
    imageSize: Int, patchSize: Int, width: Int, layerCount: Int, headCount: Int, mlpWidth: Int,
    embeddingWidth: Int?, activation: Activation = .quickGELU, layerNormEpsilon: Float = 1e-5,
    family: ViTFamily = .clip
  ) {
    self.init(
      unchecked: imageSize, patchSize, width, layerCount, headCount, mlpWidth, embeddingWidth,
      activation, layerNormEpsilon, family)
    if let (key, problem) = self.problem { preconditionFailure("\(key) \(problem)") }
  }

  /// Sizes from outside, in the same order; whoever calls this looks at `problem`.
  init(
    unchecked imageSize: Int, _ patchSize: Int, _ width: Int, _ layerCount: Int, _ headCount: Int,
    _ mlpWidth: Int, _ embeddingWidth: Int?, _ activation: Activation, _ layerNormEpsilon: Float,
    _ family: ViTFamily
  ) {
    self.imageSize = imageSize
    self.patchSize = patchSize
    self.width = width
    self.layerCount = layerCount
    self.headCount = headCount
    self.mlpWidth = mlpWidth
    self.embeddingWidth = embeddingWidth ?? width
    hasProjection = embeddingWidth != nil
    self.activation = activation
    self.layerNormEpsilon = layerNormEpsilon
    self.family = family
  }

  /// The tokens of an image: its patches and the class token.
  public var tokenCount: Int { (imageSize / patchSize) * (imageSize / patchSize) + 1 }

  /// Patches on a side of the image.
  public var gridSize: Int { imageSize / patchSize }

  /// The same model for images of another size.
  public func with(imageSize: Int) -> Self {
    Self(
      imageSize: imageSize, patchSize: patchSize, width: width, layerCount: layerCount,
      headCount: headCount, mlpWidth: mlpWidth,
      embeddingWidth: hasProjection ? embeddingWidth : nil,
      activation: activation, layerNormEpsilon: layerNormEpsilon, family: family)
  }

  /// The same model with a projection of another width; nil: without one.
  public func with(projection: Int?) -> Self {
    Self(
      imageSize: imageSize, patchSize: patchSize, width: width, layerCount: layerCount,
      headCount: headCount, mlpWidth: mlpWidth, embeddingWidth: projection,
      activation: activation, layerNormEpsilon: layerNormEpsilon, family: family)
  }

  /// Everything in which two models differ, under the names of `config.json`.
  public func differences(
    from base: Self
  ) -> [(key: String, base: String, got: String)] {
    let pairs: [(String, String, String)] = [
      ("model_type", base.family.rawValue, family.rawValue),
      ("image_size", "\(base.imageSize)", "\(imageSize)"),
      ("patch_size", "\(base.patchSize)", "\(patchSize)"),
      ("hidden_size", "\(base.width)", "\(width)"),
      ("num_hidden_layers", "\(base.layerCount)", "\(layerCount)"),
      ("num_attention_heads", "\(base.headCount)", "\(headCount)"),
      ("intermediate_size", "\(base.mlpWidth)", "\(mlpWidth)"),
      (
        "projection_dim", base.hasProjection ? "\(base.embeddingWidth)" : "none",
        hasProjection ? "\(embeddingWidth)" : "none"
      ),
      ("hidden_act", base.activation.rawValue, activation.rawValue),
      ("layer_norm_eps", "\(base.layerNormEpsilon)", "\(layerNormEpsilon)"),
    ]
    return pairs.filter { $0.1 != $0.2 }
  }

  /// The key of the first impossible value and what is wrong with it.
  var problem: (key: String, problem: String)? {
    let sizes = [
      ("image_size", imageSize), ("patch_size", patchSize), ("hidden_size", width),
      ("num_hidden_layers", layerCount), ("num_attention_heads", headCount),
      ("intermediate_size", mlpWidth), ("projection_dim", embeddingWidth),
    ]
    for (key, size) in sizes where !(1...1 << 20).contains(size) {
      return (key, "is \(size), should be 1 to \(1 << 20)")
    }
    // Far above any model: a layout lists every layer.
    if layerCount > 4096 { return ("num_hidden_layers", "is \(layerCount), should be 1 to 4096") }
    if imageSize % patchSize != 0 {
      return ("patch_size", "is \(patchSize), should divide image_size \(imageSize)")
    }
    if width % headCount != 0 {
      return ("num_attention_heads", "is \(headCount), should divide hidden_size \(width)")
    }
    if !(layerNormEpsilon > 0 && layerNormEpsilon < 1) {
      return ("layer_norm_eps", "is \(layerNormEpsilon), should be between 0 and 1")
    }
    return nil
  }
}
