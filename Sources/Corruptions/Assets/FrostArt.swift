internal import Imaging

/// The five pictures that frost is taken from.
struct FrostArt: Sendable {
  static let count = 5

  /// What the published code calls its photographs.
  static let fileNames = ["frost1.png", "frost2.png", "frost3.png", "frost4.jpg", "frost5.jpg"]

  /// MergeShift's own, painted when they are first needed.
  static let painted = FrostArt(photographs: nil)

  private let photographs: [PixelImage]?

  /// - Parameter photographs: five pictures, or nil for the painted ones.
  init(photographs: [PixelImage]?) {
    precondition(photographs == nil || photographs?.count == Self.count, "five pictures")
    self.photographs = photographs
  }

  func picture(_ index: Int) -> PixelImage {
    if let photographs { return photographs[index] }
    switch index {
    case 0: return Self.first
    case 1: return Self.second
    case 2: return Self.third
    case 3: return Self.fourth
    default: return Self.fifth
    }
  }

  // One by one, so that a single image waits for one picture only.
  private static let first = FrostPainter(index: 0).picture()
  private static let second = FrostPainter(index: 1).picture()
  private static let third = FrostPainter(index: 2).picture()
  private static let fourth = FrostPainter(index: 3).picture()
  private static let fifth = FrostPainter(index: 4).picture()
}
