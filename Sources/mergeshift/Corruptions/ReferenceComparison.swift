import Corruptions
import Imaging

/// An image of ours beside a reference.
struct ReferenceComparison: Sendable {
  /// Where the difference is largest.
  struct Difference: Sendable {
    /// In levels of 0 to 255.
    let level: Int
    let x: Int
    let y: Int
    let channel: Character
    /// How many samples differ.
    let count: Int
  }

  enum Outcome: Sendable {
    case equal
    case different(Difference)
    /// The sizes are not the same, or an image could not be made or read.
    case failed(String)
  }

  let outcome: Outcome

  private init(_ outcome: Outcome) {
    self.outcome = outcome
  }

  init(_ ours: PixelImage, _ reference: PixelImage) {
    guard ours.isSameSize(as: reference) else {
      outcome = .failed(
        "\(reference.width) x \(reference.height) pixels, ours "
          + "\(ours.width) x \(ours.height)")
      return
    }
    let (a, b) = (ours.pixels.span, reference.pixels.span)
    var (largest, place, count) = (0, 0, 0)
    for index in a.indices where a[index] != b[index] {
      count += 1
      let level = abs(Int(a[index]) - Int(b[index]))
      if level > largest { (largest, place) = (level, index) }
    }
    guard count > 0 else {
      outcome = .equal
      return
    }
    let pixel = place / 3
    outcome = .different(
      Difference(
        level: largest, x: pixel % ours.width, y: pixel / ours.width,
        channel: ["R", "G", "B"][place % 3], count: count))
  }

  /// Makes the image of `reference` and compares.
  init(
    _ reference: ReferenceSet.Case, corruption: Corruption, random: DrawSource, seed: UInt64,
    jpegQuality: Int
  ) {
    do {
      let image = try ImageDecoder.decode(contentsOf: reference.input)
      var ours = try (reference.random ?? random).apply(
        corruption, to: image, severity: reference.severity, seed: reference.seed ?? seed,
        sample: reference.sample)
      if Self.isJPEG(reference.reference) {
        ours = try JPEGCodec.roundTrip(ours, quality: reference.quality ?? jpegQuality)
      }
      self.init(ours, try ImageDecoder.decode(contentsOf: reference.reference))
    } catch {
      self.init(.failed("\(error)"))
    }
  }

  private static func isJPEG(_ path: String) -> Bool {
    [".jpg", ".jpeg"].contains { path.lowercased().hasSuffix($0) }
  }
}
