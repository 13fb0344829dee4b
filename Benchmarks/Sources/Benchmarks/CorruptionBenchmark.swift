import ArgumentParser
import Corruptions
import Foundation
import Imaging
import TensorCore

/// Milliseconds per image of corruptions, one thread: answers requests, so that a comparison can
/// take turns with the reference.
struct CorruptionBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corruptions", abstract: "Milliseconds per image of corruptions.",
    discussion: """
      Reads lines `NAME SEVERITY SOURCE` from standard input, where SOURCE is `keyed` or `numpy`, \
      and answers each with the median and the least time per image in milliseconds, over all \
      images, from pixels in memory to pixels in memory.
      """)

  @Argument(help: "Image files.") var images: [String]
  @Option(help: "The folder of the recipes.") var recipes = "../corruptions"
  @Option var profile = RecipeLibrary.defaultProfile

  func run() throws {
    Parallel.threadCount = 1
    let library = try RecipeLibrary(directory: recipes)
    let pixels = try images.map { try ImageDecoder.decode(contentsOf: $0) }
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 3, let severity = Int(words[1]) else {
        throw ValidationError("'\(line)': NAME SEVERITY SOURCE needed")
      }
      let corruption = try library.corruption(words[0], profile: profile)
      let timings = try pixels.enumerated().map { index, image in
        try Timing(repeats: 3) {
          if words[2] == "numpy" {
            var random = NumPyRandom(seed: UInt32(index))
            _ = try corruption.apply(to: image, severity: severity, random: &random)
          } else {
            var random = corruption.random(seed: 0, severity: severity, sample: "\(index)")
            _ = try corruption.apply(to: image, severity: severity, random: &random)
          }
        }
      }
      let medians = timings.map(\.median).sorted()
      let least = timings.map(\.minimum).min() ?? 0
      let answer = String(format: "%.4f %.4f\n", 1000 * medians[medians.count / 2], 1000 * least)
      // Not buffered: who asks waits for it.
      try FileHandle.standardOutput.write(contentsOf: Data(answer.utf8))
    }
  }
}
