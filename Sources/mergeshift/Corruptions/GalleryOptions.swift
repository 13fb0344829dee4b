import ArgumentParser
import Corruptions
import Foundation
import Imaging

/// What pictures of corruptions are drawn of.
struct GalleryOptions: ParsableArguments {
  @Option(
    help: "The image of the picture; one of the embedded suite unless given.",
    completion: .file(extensions: ["png", "jpg", "jpeg", "ppm"]))
  var image: String?

  @Option(help: "The seed of the picture's draws.")
  var seed: UInt64 = 0

  /// Writes a PNG file with a row of five severities for each corruption.
  func draw(_ corruptions: [Corruption], to path: String) throws {
    let picture = try CorruptionGallery(
      corruptions: corruptions,
      image: ImageDecoder.decode(contentsOf: image ?? Self.defaultImage()), seed: seed
    ).picture()
    try OutputImage.write(picture, to: path)
  }

  /// A photograph-like test image of the embedded suite.
  private static func defaultImage() throws -> String {
    let folder = try ProjectLocation.fixtures()
    let images =
      (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
      .filter { ["png", "jpg"].contains(URL(filePath: $0).pathExtension) }.sorted()
    guard let first = images.first else {
      throw CommandFailure.input("\(folder): holds no image to draw; give one with --image")
    }
    return "\(folder)/\(first)"
  }
}
