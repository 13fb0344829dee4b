public import Imaging
public import TensorCore

/// A corruption of one profile, ready to be applied at its five severities.
public struct Corruption: Sendable {
  /// As ImageNet-C writes it: `gaussian_noise`.
  public let name: String
  /// The group it belongs to: `noise`, `blur`, `weather`, `digital`.
  public let family: String
  /// Whose constants it has: `imagecorruptions`.
  public let profile: String
  /// Where algorithm and constants come from.
  public let source: String
  /// Of its recipe's text, and of the assets if it uses any, for the provenance of results.
  public internal(set) var hash: ContentHash
  /// The pipelines for severities 1 to 5.
  public internal(set) var severities: [[any CorruptionPrimitive]]

  /// Severity 1 is the mildest.
  public static let severityRange = 1...5

  /// The corrupted image; of the same size but for the quirks that a profile names.
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
    var working = WorkingImage(image)
    for primitive in severities[severity - 1] {
      try primitive.apply(to: &working, using: &random)
    }
    return working.pixels
  }

  /// The keyed generator of one sample: the same seed, corruption, severity and sample give the
  /// same pixels, whatever else is drawn, in which order and on which thread.
  ///
  /// - Parameter sample: names the sample among all, as its path below the data set's folder.
  public func random(seed: UInt64, severity: Int, sample: String) -> KeyedRandom {
    KeyedRandom(seed: seed, "corruption", name, "\(severity)", sample)
  }
}
