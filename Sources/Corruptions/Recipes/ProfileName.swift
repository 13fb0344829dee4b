/// A profile as it is asked for: `imagenet-c`, or `imagenet-c@224` for its constants on images that are
/// first scaled to the size which they were chosen for.
struct ProfileName: Sendable {
  let profile: String
  /// The side of the square, in pixels, that images are resized (by their short side, bicubic) and
  /// cropped to; nil: images stay as they are.
  let side: Int?

  /// The sides that can be asked for, in pixels.
  static let sideRange = 8...4096

  /// - Returns: nil where what follows `@` is no side.
  init?(_ text: String) {
    guard let at = text.firstIndex(of: "@") else {
      (profile, side) = (text, nil)
      return
    }
    guard let side = Int(text[text.index(after: at)...]), Self.sideRange.contains(side) else {
      return nil
    }
    (profile, self.side) = (String(text[..<at]), side)
  }
}
