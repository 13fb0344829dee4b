internal import Checkpoints
internal import TensorCore

/// What a file calls the parameters of a text tower: Hugging Face's names, which are the model's own,
/// or open_clip's, under one of the prefixes that they are found with.
enum TextNames: Sendable, Equatable {
  case huggingFace
  case openCLIP(prefix: String)

  /// In front of open_clip's names: nothing, `text.` in its `CustomTextCLIP`, and what wrappers and
  /// training scripts add.
  private static let openCLIPPrefixes = [
    "", "text.", "model.", "module.", "module.text.", "module.model.", "image_encoder.model.",
  ]

  /// The layout of a file, known by the name of the token embedding.
  ///
  /// - Throws: `TextModelError.noTextTower` with the names that were looked for.
  static func found(in source: any TensorSource) throws(TextModelError) -> TextNames {
    let candidates = [.huggingFace] + openCLIPPrefixes.map { TextNames.openCLIP(prefix: $0) }
    guard let names = candidates.first(where: { source[$0.tokenEmbedding] != nil }) else {
      throw .noTextTower(path: source.path, lookedFor: candidates.map(\.tokenEmbedding))
    }
    return names
  }

  var tokenEmbedding: String {
    switch self {
    case .huggingFace: "text_model.embeddings.token_embedding.weight"
    case .openCLIP(let prefix): "\(prefix)token_embedding.weight"
    }
  }

  /// open_clip keeps it beside both towers.
  var logitScale: String {
    switch self {
    case .huggingFace: "logit_scale"
    case .openCLIP(let prefix):
      (prefix.hasSuffix("text.") ? String(prefix.dropLast("text.".count)) : prefix) + "logit_scale"
    }
  }

  /// Which of a file's tensors hold the parameters of a text tower.
  func map(for configuration: TextConfiguration) -> NameMap {
    switch self {
    case .huggingFace:
      return NameMap(
        identityOf: configuration.layout,
        others: ["vision_model.", "visual_projection.", "logit_scale"])
    case .openCLIP(let prefix):
      var entries = [
        Self.entry("\(prefix)token_embedding.weight", "embeddings.token_embedding.weight"),
        Self.entry("\(prefix)positional_embedding", "embeddings.position_embedding.weight"),
      ]
      for index in 0..<configuration.layerCount {
        let theirs = "\(prefix)transformer.resblocks.\(index)."
        let ours = "encoder.layers.\(index)."
        for part in ["weight", "bias"] {
          entries.append(
            .init(
              tensor: "\(theirs)attn.in_proj_\(part)",
              parameters: ["q_proj", "k_proj", "v_proj"].map {
                "text_model.\(ours)self_attn.\($0).\(part)"
              }))
          for (file, parameter) in [
            ("attn.out_proj", "self_attn.out_proj"), ("ln_1", "layer_norm1"),
            ("mlp.c_fc", "mlp.fc1"), ("mlp.c_proj", "mlp.fc2"), ("ln_2", "layer_norm2"),
          ] {
            entries.append(Self.entry("\(theirs)\(file).\(part)", "\(ours)\(parameter).\(part)"))
          }
        }
      }
      for part in ["weight", "bias"] {
        entries.append(Self.entry("\(prefix)ln_final.\(part)", "final_layer_norm.\(part)"))
      }
      entries.append(
        .init(
          tensor: "\(prefix)text_projection", parameters: [TextConfiguration.projectionName],
          isTransposed: true))
      // The image tower, and numbers that belong to neither.
      let others = ["visual.", "logit_scale", "logit_bias", "attn_mask"].map { prefix + $0 }
      return NameMap(
        entries,
        others: others + ["input_resolution", "context_length", "vocab_size"].map { prefix + $0 },
        scope: prefix)
    }
  }

  private static func entry(_ tensor: String, _ parameter: String) -> NameMap.Entry {
    NameMap.Entry(tensor: tensor, parameters: ["text_model.\(parameter)"])
  }
}
