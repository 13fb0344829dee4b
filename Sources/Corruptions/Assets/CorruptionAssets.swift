internal import Imaging
public import TensorCore

/// Pictures that corruptions blend in and that MergeShift does not carry, from a folder of the
/// user's: decoded once, shared by every image and thread.
public struct CorruptionAssets: Sendable {
  /// The photographs of the published frost.
  let frost: FrostArt
  /// Of all pictures, for the provenance of results.
  public let hash: ContentHash

  /// Reads the photographs that imagecorruptions and ImageNet-C's code carry: `frost1.png`,
  /// `frost2.png`, `frost3.png`, `frost4.jpg` and `frost5.jpg`. Their sixth one is never drawn.
  ///
  /// - Throws: `CorruptionError.asset` for the first file that is missing or no image.
  public init(directory: String) throws(CorruptionError) {
    let folder = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    var pictures: [PixelImage] = []
    for name in FrostArt.fileNames {
      do {
        pictures.append(try ImageDecoder.decode(contentsOf: "\(folder)/\(name)"))
      } catch {
        throw .asset(error, expected: FrostArt.fileNames)
      }
    }
    frost = FrostArt(photographs: pictures)
    let hashes = pictures.map { ContentHash(of: $0.pixels).description }
    hash = ContentHash(of: hashes.joined(separator: " "))
  }
}

/// A primitive that blends in pictures; it has some of MergeShift's own until it is given others.
protocol AssetPrimitive: CorruptionPrimitive {
  mutating func take(_ assets: CorruptionAssets)
}

extension [any CorruptionPrimitive] {
  /// The steps, with the pictures given to those that blend some in.
  func taking(_ assets: CorruptionAssets) -> [any CorruptionPrimitive] {
    map { primitive in
      guard var primitive = primitive as? any AssetPrimitive else { return primitive }
      primitive.take(assets)
      return primitive
    }
  }
}

extension Corruption {
  /// The corruption with the pictures of `assets`, and another hash, if it blends any in.
  func with(_ assets: CorruptionAssets) -> Corruption {
    guard severities.joined().contains(where: { $0 is any AssetPrimitive }) else { return self }
    var copy = self
    copy.assets = assets
    copy.severities = severities.map { $0.taking(assets) }
    copy.hash = ContentHash(of: "\(hash) \(assets.hash)")
    return copy
  }
}
