internal import Configuration
internal import Imaging

/// Blurs with a disk whose rim is smoothed, as a lens out of focus.
struct DefocusBlur: CorruptionPrimitive {
  static let name = "defocus_blur"
  static let summary = "blurs with a disk of `radius` pixels, its rim smoothed by `alias` pixels"

  /// In pixels.
  let radius: Double
  /// The standard deviation of the Gaussian that smooths the disk's rim, in pixels.
  let alias: Double

  init(_ parameters: inout ParameterReader) throws(ConfigurationError) {
    radius = try parameters.double("radius", in: 0...100)
    alias = try parameters.double("alias", in: 1e-3...10)
  }

  func apply(to image: inout WorkingImage, using random: inout some CorruptionRandom) {
    let (width, height) = (image.width, image.height)
    let filter = DiskFilter(radius: radius, alias: alias)
    if image.isQuantized {
      image.replace(by: filter.apply(to: image.pixels.pixels, width: width, height: height))
    } else {
      image.modifyValues { $0 = filter.apply(to: $0, width: width, height: height) }
    }
  }
}
