/// The sizes of published vision transformers (CLIP's, ViT's of Google, DINOv2's) and of the embedded
/// suite's small ones.
public enum BackboneCatalog {
  public struct Backbone: Sendable {
    public let name: String
    public let configuration: ViTConfiguration
  }

  /// All backbones: CLIP's from the smallest, then the other families.
  public static let all: [Backbone] = [
    backbone("ViT-Tiny/8", 64, 8, width: 96, layers: 4, heads: 4, embedding: 64),
    backbone("ViT-B/32", 224, 32, width: 768, layers: 12, heads: 12, embedding: 512),
    backbone("ViT-B/16", 224, 16, width: 768, layers: 12, heads: 12, embedding: 512),
    backbone("ViT-L/14", 224, 14, width: 1024, layers: 24, heads: 16, embedding: 768),
    backbone("ViT-L/14-336", 336, 14, width: 1024, layers: 24, heads: 16, embedding: 768),
    backbone("ViT-B/16-IN21k", 224, 16, width: 768, layers: 12, heads: 12, family: .vit),
    backbone("DINOv2-S/14", 518, 14, width: 384, layers: 12, heads: 6, family: .dinov2),
    backbone("DINOv2-B/14", 518, 14, width: 768, layers: 12, heads: 12, family: .dinov2),
    backbone("DINOv2-L/14", 518, 14, width: 1024, layers: 24, heads: 16, family: .dinov2),
  ]

  public static subscript(name: String) -> ViTConfiguration? {
    all.first { $0.name == name }?.configuration
  }

  /// The catalogue's name for a configuration; `ViT <width>x<layers>/<patch>` for any other.
  public static func name(of configuration: ViTConfiguration) -> String {
    all.first { $0.configuration == configuration }?.name
      ?? "ViT \(configuration.width)x\(configuration.layerCount)/\(configuration.patchSize)"
  }

  private static func backbone(
    _ name: String, _ imageSize: Int, _ patchSize: Int, width: Int, layers: Int, heads: Int,
    embedding: Int? = nil, family: ViTFamily = .clip
  ) -> Backbone {
    Backbone(
      name: name,
      configuration: ViTConfiguration(
        imageSize: imageSize, patchSize: patchSize, width: width, layerCount: layers,
        headCount: heads, mlpWidth: 4 * width, embeddingWidth: embedding,
        activation: family.defaults.activation, layerNormEpsilon: family.defaults.layerNormEpsilon,
        family: family))
  }
}
