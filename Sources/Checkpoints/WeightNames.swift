/// Parameter names that more than one module speaks of.
public enum WeightNames {
  /// The projection of the class token into CLIP's embedding space.
  public static let visualProjection = "visual_projection.weight"
}
