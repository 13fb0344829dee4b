import ArgumentParser
import CAllocations
import Corruptions
import Foundation
import Imaging
import TensorCore

/// What every corruption asks of the allocator for an image: with no allocation per row of pixels,
/// the calls do not grow with the image.
struct AllocationBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "allocations",
    abstract: "Allocations of every corruption per image, in a Markdown table.",
    discussion: """
      Counts for the image and for its upper left quarter, after one image to warm up; on Linux \
      with glibc.
      """)

  @Argument(help: "An image file.") var image: String
  @Option(help: "The folder of the recipes.") var recipes = "../corruptions"
  @Option var profile = RecipeLibrary.defaultProfile
  @Option var severity = 3

  func run() throws {
    Parallel.threadCount = 1
    let library = try RecipeLibrary(directory: recipes)
    let whole = try ImageDecoder.decode(contentsOf: image)
    let quarter = whole.quarter
    print(
      "| corruption | calls | MiB | calls for a quarter of the pixels |\n| --- | --- | --- | --- |")
    for name in library.names(in: profile) {
      let corruption = try library.corruption(name, profile: profile)
      func use(of image: PixelImage) throws -> (calls: Int, bytes: Int) {
        for isCounted in [false, true] {
          var random = corruption.random(seed: 0, severity: severity, sample: "0")
          let (calls, bytes) = (allocation_count(), allocated_bytes())
          _ = try corruption.apply(to: image, severity: severity, random: &random)
          if isCounted {
            return (Int(allocation_count() - calls), Int(allocated_bytes() - bytes))
          }
        }
        fatalError("counted the second time")
      }
      let (large, small) = (try use(of: whole), try use(of: quarter))
      print(
        "| \(name) | \(large.calls) | "
          + String(format: "%.1f", Double(large.bytes) / 1_048_576) + " | \(small.calls) |")
    }
  }
}

extension PixelImage {
  fileprivate var quarter: PixelImage {
    let (columns, rows) = (width / 2, height / 2)
    return PixelImage(
      width: columns, height: rows,
      pixels: (0..<rows).flatMap { pixels[3 * width * $0..<3 * (width * $0 + columns)] })
  }
}
