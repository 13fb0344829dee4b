extension ViTNames {
  /// Hugging Face's `CLIPVisionModelWithProjection`, whose names are the model's own, and the vision
  /// tower of `CLIPModel`; `CLIPVisionModel` has them without the prefix since transformers 5.
  static let clip = ViTNames(
    classToken: "embeddings.class_embedding", positions: "embeddings.position_embedding.weight",
    patches: "embeddings.patch_embedding", blocks: "encoder.layers.",
    attention: .separate(
      query: "self_attn.q_proj", key: "self_attn.k_proj", value: "self_attn.v_proj"),
    output: "self_attn.out_proj", norm1: "layer_norm1", norm2: "layer_norm2", hidden: "mlp.fc1",
    shrink: "mlp.fc2", preNorm: "pre_layrnorm", postNorm: "post_layernorm",
    projection: "visual_projection.weight", prefixes: ["vision_model.", ""],
    others: ["text_model.", "text_projection.", "logit_scale"])

  /// open_clip and OpenAI's own code; `model.visual.` is how the ImageEncoder of task_vectors and
  /// AdaMerging saves it. The text tower has the same names without the prefix.
  static let openCLIP = ViTNames(
    classToken: "class_embedding", positions: "positional_embedding", patches: "conv1",
    blocks: "transformer.resblocks.",
    attention: .fused(weight: "attn.in_proj_weight", bias: "attn.in_proj_bias"),
    output: "attn.out_proj", norm1: "ln_1", norm2: "ln_2", hidden: "mlp.c_fc",
    shrink: "mlp.c_proj", preNorm: "ln_pre", postNorm: "ln_post", projection: "proj",
    projectionIsTransposed: true,
    prefixes: [
      "visual.", "model.visual.", "module.visual.", "module.model.visual.",
      "image_encoder.model.visual.", "",
    ],
    prefixesProjection: true, others: [], isScoped: true)
}
