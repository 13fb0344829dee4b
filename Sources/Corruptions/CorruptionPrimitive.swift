public import Configuration

/// One step of a corruption's pipeline, with the parameters of one severity.
///
/// To add a primitive: one file with a type that conforms, one line in `PrimitiveCatalog`. A
/// primitive that draws keeps its arithmetic in a function of the random field alone, so that the
/// field of any source gives the same pixels.
public protocol CorruptionPrimitive: Sendable {
  /// As a recipe writes it after `op:`.
  static var name: String { get }
  /// What it does, in one line.
  static var summary: String { get }

  /// Reads the parameters, each within its range; unknown keys are refused by the caller.
  init(_ parameters: inout ParameterReader) throws(ConfigurationError)

  /// Corrupts `image` in place.
  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom)
    throws(CorruptionError)
}

/// Every primitive, in the order of the documentation. A new one is one line here.
public enum PrimitiveCatalog {
  public static let all: [any CorruptionPrimitive.Type] = [
    // noise
    GaussianNoise.self,
    ShotNoise.self,
    ImpulseNoise.self,
    SpeckleNoise.self,
    // blur
    GaussianBlur.self,
    GlassBlur.self,
    DefocusBlur.self,
    MotionBlur.self,
    ZoomBlur.self,
    // weather
    Fog.self,
    Frost.self,
    Snow.self,
    Spatter.self,
    // digital
    Brightness.self,
    Saturate.self,
    Contrast.self,
    RandomAffine.self,
    ElasticTransform.self,
    JPEGCompression.self,
    Pixelate.self,
    // ImageNet-C-bar
    BlueNoiseSample.self,
    BrownishNoise.self,
    CausticRefraction.self,
    CheckerboardCutout.self,
    CocentricSineWaves.self,
    InverseSparkles.self,
    PerlinNoise.self,
    PlasmaNoise.self,
    SingleFrequencyGreyscale.self,
    Sparkles.self,
    // the modern set
    PoissonGaussianNoise.self,
    LowLight.self,
    WhiteBalance.self,
    Gamma.self,
    DeadColumns.self,
    ColorQuantization.self,
    BitError.self,
    Rain.self,
    Mosaic.self,
    Stickers.self,
    // programs
    Exec.self,
  ]

  static func primitive(named name: String) -> (any CorruptionPrimitive.Type)? {
    all.first { $0.name == name }
  }
}
