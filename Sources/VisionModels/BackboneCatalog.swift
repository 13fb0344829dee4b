/// The sizes of CLIP's published vision transformers and of the embedded suite's small ones.
public enum BackboneCatalog {
  public struct Backbone: Sendable {
    public let name: String
    public let configuration: ViTConfiguration
  }

  /// All backbones, the smallest first.
  public static let all: [Backbone] = [
    backbone("ViT-Tiny/8", 64, 8, width: 96, layers: 4, heads: 4, embedding: 64),
    backbone("ViT-B/32", 224, 32, width: 768, layers: 12, heads: 12, embedding: 512),
    backbone("ViT-B/16", 224, 16, width: 768, layers: 12, heads: 12, embedding: 512),
    backbone("ViT-L/14", 224, 14, width: 1024, layers: 24, heads: 16, embedding: 768),
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
    embedding: Int
  ) -> Backbone {
    Backbone(
      name: name,
      configuration: ViTConfiguration(
        imageSize: imageSize, patchSize: patchSize, width: width, layerCount: layers,
        headCount: heads, mlpWidth: 4 * width, embeddingWidth: embedding))
  }
}
