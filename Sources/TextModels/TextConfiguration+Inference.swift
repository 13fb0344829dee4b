internal import Checkpoints
internal import TensorCore
internal import VisionModels

extension TextConfiguration {
  /// The sizes of a text tower in open_clip's names, from the shapes of its tensors. Heads are 64
  /// wide, as in all published models; the activation is quick-GELU, OpenAI's, unless given; the
  /// text is pooled at its largest token, as `text.argmax` in the code of OpenAI and open_clip.
  ///
  /// - Throws: `TextModelError.unknownArchitecture`.
  init(
    inferredFrom source: any TensorSource, prefix: String, activation: Activation?
  ) throws(TextModelError) {
    func shape(_ bare: String) throws(TextModelError) -> [Int] {
      let name = prefix + bare
      guard let dimensions = source[name]?.shape.dimensions else {
        throw .unknownArchitecture(path: source.path, problem: "there is no '\(name)'")
      }
      guard dimensions.count == 2 else {
        throw .unknownArchitecture(
          path: source.path, problem: "'\(name)' has shape \(dimensions), not one of two axes")
      }
      return dimensions
    }
    let tokens = try shape("token_embedding.weight")
    let stem = "\(prefix)transformer.resblocks."
    let lastLayer = source.tensors.lazy.compactMap { tensor -> Int? in
      guard tensor.name.hasPrefix(stem) else { return nil }
      return Int(tensor.name.dropFirst(stem.count).prefix { $0 != "." })
    }.max()
    guard let lastLayer, lastLayer < 1 << 16 else {
      throw .unknownArchitecture(path: source.path, problem: "there is no '\(stem)0'")
    }
    guard tokens[1].isMultiple(of: 64) else {
      throw .unknownArchitecture(
        path: source.path, problem: "the width \(tokens[1]) is no multiple of 64, that of a head")
    }
    try self.init(
      vocabularySize: tokens[0], width: tokens[1], layerCount: lastLayer + 1,
      headCount: tokens[1] / 64,
      mlpWidth: try shape("transformer.resblocks.0.mlp.c_fc.weight")[0],
      tokenCount: try shape("positional_embedding")[0],
      embeddingWidth: try shape("text_projection")[1], activation: activation ?? .quickGELU,
      endToken: Self.legacyEndToken, path: source.path)
  }
}
