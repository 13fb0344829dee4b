import ArgumentParser
import VisionModels

/// The sizes of models that are timed.
enum Backbone: String, ExpressibleByArgument, CaseIterable {
  case suite, b32, b16, l14

  var configuration: ViTConfiguration {
    switch self {
    case .suite:
      ViTConfiguration(
        imageSize: 64, patchSize: 8, width: 96, layerCount: 4, headCount: 6, mlpWidth: 384,
        embeddingWidth: 64)
    case .b32: Self.clip(patchSize: 32, width: 768, layerCount: 12, embeddingWidth: 512)
    case .b16: Self.clip(patchSize: 16, width: 768, layerCount: 12, embeddingWidth: 512)
    case .l14: Self.clip(patchSize: 14, width: 1024, layerCount: 24, embeddingWidth: 768)
    }
  }

  private static func clip(
    patchSize: Int, width: Int, layerCount: Int, embeddingWidth: Int
  ) -> ViTConfiguration {
    ViTConfiguration(
      imageSize: 224, patchSize: patchSize, width: width, layerCount: layerCount,
      headCount: width / 64, mlpWidth: 4 * width, embeddingWidth: embeddingWidth)
  }
}
