/// The kinds of vision transformers. They differ in what stands around the same blocks, and in what
/// their files call it.
public enum ViTFamily: String, Sendable, Hashable, CaseIterable {
  /// CLIP's vision tower (Radford et al. 2021): a norm before the blocks, patches without bias.
  case clip
  /// `ViTModel` (Dosovitskiy et al. 2021).
  case vit
  /// `Dinov2Model` (Oquab et al. 2023): each branch is scaled channel by channel.
  case dinov2

  /// Whether the tokens are normalized before the first block.
  var hasPreNorm: Bool { self == .clip }
  /// Whether the patch embedding adds a bias.
  var hasPatchBias: Bool { self != .clip }
  /// Whether attention and MLP are scaled by parameters before they are added.
  var hasLayerScale: Bool { self == .dinov2 }

  /// The names of the parameters, which are those of Hugging Face's files.
  var names: ViTNames {
    switch self {
    case .clip: .clip
    case .vit: .vit
    case .dinov2: .dinov2
    }
  }

  /// What Hugging Face's configuration class leaves at its default.
  var defaults: (imageSize: Int, patchSize: Int, activation: Activation, layerNormEpsilon: Float) {
    switch self {
    case .clip: (224, 32, .quickGELU, 1e-5)
    case .vit: (224, 16, .gelu, 1e-12)
    case .dinov2: (224, 14, .gelu, 1e-6)
    }
  }

  /// What Hugging Face's image processor of the family does.
  public var preprocessing: PreprocessorSettings {
    switch self {
    case .clip: .clip
    case .vit: .vit
    case .dinov2: .dinov2
    }
  }
}
