public import Imaging
public import TensorCore

/// A corruption of one profile, ready to be applied at its five severities and between them.
public struct Corruption: Sendable {
  /// As ImageNet-C writes it: `gaussian_noise`.
  public let name: String
  /// The group it belongs to: `noise`, `blur`, `weather`, `digital`.
  public let family: String
  /// Whose constants it has: `imagecorruptions`; `imagenet-c@224` where images are scaled to 224
  /// pixels first.
  public internal(set) var profile: String
  /// Where algorithm and constants come from.
  public let source: String
  /// Of its recipe's text, of the recipes that it builds on, and of the assets if it uses any, for
  /// the provenance of results.
  public internal(set) var hash: ContentHash
  /// The pipelines for severities 1 to 5.
  public internal(set) var severities: [[any CorruptionPrimitive]]
  /// Makes the pipelines of the severities between.
  let expansion: RecipeExpansion
  /// Pictures to blend in, if there are others than MergeShift's own.
  var assets: CorruptionAssets?
  /// Scales images to the size that the constants were chosen for; nil: they stay as they are.
  var scaling: Preprocessing?

  /// Severity 1 is the mildest.
  public static let severityRange = 1...5

  /// Fractional severities: 0 is the image itself.
  public static let fractionalSeverityRange = 0.0...5.0

  /// The corrupted image; of the same size but for the quirks that a profile names, and for scaling.
  ///
  /// - Parameters:
  ///   - image: of any size from 1 x 1 up.
  ///   - severity: 1 to 5.
  ///   - random: where the draws come from; see `random(seed:severity:sample:)`.
  public func apply(
    to image: PixelImage, severity: Int, random: inout some CorruptionRandom
  ) throws(CorruptionError) -> PixelImage {
    guard Self.severityRange.contains(severity) else {
      throw .severity(severity, corruption: name)
    }
    return try run(severities[severity - 1], on: image, random: &random)
  }

  /// The corrupted image at a severity between the five, after CCC (Press et al. 2023, arXiv
  /// 2306.05401): the recipe's numbers are interpolated between those of the whole severities.
  ///
  /// - Parameters:
  ///   - severity: 0 (the image itself) to 5; below 1 the recipe has to name its identity values.
  ///   - random: where the draws come from; see `random(seed:severity:sample:)`.
  public func apply(
    to image: PixelImage, severity: Double, random: inout some CorruptionRandom
  ) throws(CorruptionError) -> PixelImage {
    try run(pipeline(severity: severity), on: image, random: &random)
  }

  /// The steps at any severity from 0 to 5.
  public func pipeline(severity: Double) throws(CorruptionError) -> [any CorruptionPrimitive] {
    guard Self.fractionalSeverityRange.contains(severity) else {
      throw .fractionalSeverity(severity, corruption: name)
    }
    if let whole = Int(exactly: severity) { return whole == 0 ? [] : severities[whole - 1] }
    do {
      let pipeline = try expansion.primitives(severity: severity)
      return assets.map { pipeline.taking($0) } ?? pipeline
    } catch {
      throw .recipe(error)
    }
  }

  private func run(
    _ pipeline: [any CorruptionPrimitive], on image: PixelImage,
    random: inout some CorruptionRandom
  ) throws(CorruptionError) -> PixelImage {
    var working = WorkingImage(scaling?.pixels(image) ?? image)
    for primitive in pipeline {
      try primitive.apply(to: &working, using: &random)
    }
    return working.pixels
  }

  /// This corruption, for images scaled to a square of `side` pixels: resized by their short side,
  /// bicubic, and cropped, as ImageNet-C's were before they were corrupted.
  func scaled(to side: Int, profile: String) -> Corruption {
    var scaled = self
    scaled.scaling = Preprocessing(imageSize: side)
    scaled.profile = profile
    scaled.hash = ContentHash(of: "\(hash) @\(side)")
    return scaled
  }

  /// The keyed generator of one sample: the same seed, corruption, severity and sample give the
  /// same pixels, whatever else is drawn, in which order and on which thread.
  ///
  /// - Parameter sample: names the sample among all, as its path below the data set's folder.
  public func random(seed: UInt64, severity: Int, sample: String) -> KeyedRandom {
    random(seed: seed, severity: Double(severity), sample: sample)
  }

  /// The same for a severity between the five; whole ones draw as before.
  public func random(seed: UInt64, severity: Double, sample: String) -> KeyedRandom {
    KeyedRandom(seed: seed, "corruption", name, Severity.text(of: severity), sample)
  }
}
