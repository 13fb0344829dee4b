import ArgumentParser
import Corruptions
import Imaging

/// Where a corruption's random draws come from.
enum DrawSource: String, CaseIterable, ExpressibleByArgument {
  /// Keyed by seed, corruption, severity and sample.
  case keyed
  /// A replay of NumPy's generators, from the seed for each image.
  case numpy

  /// Refuses seeds that the source doesn't have.
  func validate(seed: UInt64) throws {
    if self == .numpy, seed > UInt64(UInt32.max) {
      throw ValidationError("--seed: NumPy's seeds are 0 to \(UInt32.max)")
    }
  }

  /// - Parameter sample: the image's path below its folder.
  func apply(
    _ corruption: Corruption, to image: PixelImage, severity: Double, seed: UInt64, sample: String
  ) throws(CorruptionError) -> PixelImage {
    switch self {
    case .keyed:
      var random = corruption.random(seed: seed, severity: severity, sample: sample)
      return try corruption.apply(to: image, severity: severity, random: &random)
    case .numpy:
      var random = NumPyRandom(seed: UInt32(seed))
      return try corruption.apply(to: image, severity: severity, random: &random)
    }
  }
}
