extension ViTNames {
  /// Hugging Face's `ViTModel`, inside models with a head under `vit.`; the names in files, which
  /// transformers 5 keeps while its modules have others.
  static let vit = ViTNames(
    classToken: "embeddings.cls_token", positions: "embeddings.position_embeddings",
    patches: "embeddings.patch_embeddings.projection", blocks: "encoder.layer.",
    attention: .separate(
      query: "attention.attention.query", key: "attention.attention.key",
      value: "attention.attention.value"),
    output: "attention.output.dense", norm1: "layernorm_before", norm2: "layernorm_after",
    hidden: "intermediate.dense", shrink: "output.dense", postNorm: "layernorm",
    prefixes: ["", "vit."],
    others: [
      "pooler.", "vit.pooler.", "embeddings.mask_token", "vit.embeddings.mask_token", "classifier.",
      "decoder.",
    ])

  /// Hugging Face's `Dinov2Model`, inside models with a head under `dinov2.`.
  static let dinov2 = ViTNames(
    classToken: "embeddings.cls_token", positions: "embeddings.position_embeddings",
    patches: "embeddings.patch_embeddings.projection", blocks: "encoder.layer.",
    attention: .separate(
      query: "attention.attention.query", key: "attention.attention.key",
      value: "attention.attention.value"),
    output: "attention.output.dense", norm1: "norm1", norm2: "norm2", hidden: "mlp.fc1",
    shrink: "mlp.fc2", hasScales: true, postNorm: "layernorm", prefixes: ["", "dinov2."],
    others: ["embeddings.mask_token", "dinov2.embeddings.mask_token", "classifier."])
}
