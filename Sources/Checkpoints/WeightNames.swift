/// The parameter names of CLIP vision towers: MergeShift speaks of them by the names of Hugging
/// Face's `CLIPVisionModelWithProjection`, and reads files that leave `vision_model.` out.
public enum WeightNames {
  public static let prefix = "vision_model."
  /// The projection of the class token into the embedding space; outside the prefix.
  public static let visualProjection = "visual_projection.weight"

  /// `name` with `vision_model.`, if it is a vision tower's without it.
  public static func canonical(_ name: String) -> String {
    let roots = ["embeddings.", "pre_layrnorm.", "encoder.", "post_layernorm."]
    return roots.contains { name.hasPrefix($0) } ? prefix + name : name
  }

  /// Whether `name` is a part of a CLIP model, but not of its vision tower.
  public static func isOutsideVisionTower(_ name: String) -> Bool {
    name.hasPrefix("text_model.") || name.hasPrefix("text_projection.") || name == "logit_scale"
      || name.hasSuffix("position_ids")
  }
}
