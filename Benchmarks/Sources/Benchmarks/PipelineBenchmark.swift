import ArgumentParser
import Corruptions
import Foundation
import Imaging
import TensorCore

/// Images per second from the bytes of a file to a model's input: decode, CLIP's resize and crop,
/// corrupt, normalise. `compare_pipeline.py` prints the same of Pillow and imagecorruptions.
struct PipelineBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pipeline",
    abstract: "Images per second from files to inputs.",
    discussion: "Prints images per second, the median of the repeats.")

  @Argument(help: "Image files; read before the clock starts.") var images: [String]
  @Option(help: "Whose recipe is run between crop and normalisation; none unless given.")
  var corruption: String?
  @Option var severity = 3
  @Option var threads = 1
  @Option var repeats = 5
  @Option(help: "The folder of the recipes.") var recipes = "../corruptions"
  @Option(help: "Writes the crops, 8-bit RGB, one after another, so that they can be compared.")
  var crops: String?

  func run() throws {
    Parallel.threadCount = threads
    let library = try RecipeLibrary(directory: recipes)
    let corruption = try corruption.map {
      try library.corruption($0, profile: RecipeLibrary.defaultProfile)
    }
    let files = try images.map { [UInt8](try Data(contentsOf: URL(filePath: $0))) }
    if let path = crops {
      let pixels = try files.indices.flatMap { try crop(files, $0).pixels }
      try Data(pixels).write(to: URL(filePath: path))
    }
    let timing = try Timing(repeats: repeats) {
      _ = try Parallel.map(files.count) { index in
        var image = try crop(files, index)
        if let corruption {
          var random = corruption.random(seed: 0, severity: severity, sample: "\(index)")
          image = try corruption.apply(to: image, severity: severity, random: &random)
        }
        // The tensor is dropped: only its making counts.
        return Preprocessing.clip.normalize([image]).shape.count
      }
    }
    print(String(format: "%.2f", Double(files.count) / timing.median))
  }

  private func crop(_ files: [[UInt8]], _ index: Int) throws -> PixelImage {
    Preprocessing.clip.pixels(try ImageDecoder.decode(files[index], name: images[index]))
  }
}
