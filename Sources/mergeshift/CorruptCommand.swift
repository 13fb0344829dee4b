import ArgumentParser
import Corruptions
import Foundation
import TensorCore

/// `mergeshift corrupt`: corrupted copies of an image or of a folder of them.
struct CorruptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corrupt",
    abstract: "Write corrupted copies of an image or of a folder of images.",
    discussion: """
      A folder is copied with its tree, every image as PNG unless --format says otherwise; files \
      that are no images by their names are left out. A single image is written in the format of \
      OUT's extension.

      Draws are keyed by seed, corruption, severity and the image's path below IN: order and \
      threads change no pixel. With --random numpy each image starts from \
      numpy.random.seed(SEED), and equals what the published code makes of it.
      """)

  /// Where random draws come from.
  enum DrawSource: String, CaseIterable, ExpressibleByArgument {
    case keyed, numpy
  }

  @Argument(help: "An image (PNG, JPEG, PNM) or a folder.")
  var input: String

  @Argument(help: "Where the copy goes: a .png or .jpg file, or a folder.")
  var output: String

  @Option(help: "The corruption's name, as `mergeshift list corruptions` shows it.")
  var corruption: String

  @Option(help: "1 (mild) to 5.")
  var severity: Int

  @OptionGroup var recipes: RecipeOptions

  @Option(help: "Where draws come from: keyed, or a replay of NumPy's generators.")
  var random = DrawSource.keyed

  @Option(help: "The seed of the draws.")
  var seed: UInt64 = 0

  @Option(help: "The format of a folder's images: png or jpeg.")
  var format: OutputImage.Format?

  @Option(help: "The quality of JPEG files, 1 to 100.")
  var quality = 95

  @Option(help: "How many threads share the work; all cores unless given. Changes no pixel.")
  var threads: Int?

  @Flag(help: "Replace files that are there already.")
  var overwrite = false

  func validate() throws {
    guard Corruption.severityRange.contains(severity) else {
      throw ValidationError("--severity is 1 to 5")
    }
    guard (1...100).contains(quality) else { throw ValidationError("--quality is 1 to 100") }
    if let threads, threads < 1 { throw ValidationError("--threads is at least 1") }
    if random == .numpy, seed > UInt64(UInt32.max) {
      throw ValidationError("--seed: NumPy's seeds are 0 to \(UInt32.max)")
    }
  }

  func run() throws {
    if let threads { Parallel.threadCount = threads }
    try CommandFailure.reporting {
      let corruption = try recipes.library().corruption(corruption, profile: recipes.profile)
      let job = CorruptJob(
        corruption: corruption, severity: severity, source: random, seed: seed, quality: quality)
      let files = try CorruptFiles(input: input, output: output, format: format)
      if !overwrite { try files.refuseExisting() }
      try job.run(files)
    }
  }
}

/// The options of the commands that read recipes.
struct RecipeOptions: ParsableArguments {
  @Option(help: "Whose constants, as `mergeshift list corruptions` shows them.")
  var profile = RecipeLibrary.defaultProfile

  @Option(help: "A folder of recipes that goes before MergeShift's own.")
  var recipes: String?

  @OptionGroup var assets: AssetOptions

  func library() throws -> RecipeLibrary {
    try RecipeLibrary(
      directories: [recipes, try ProjectLocation.corruptions()].compactMap { $0 },
      assets: assets.pictures())
  }
}

/// The option for pictures that corruptions blend in.
struct AssetOptions: ParsableArguments {
  @Option(
    name: .customLong("assets"),
    help: "A folder with the published frost photographs; without it, frost is MergeShift's own.")
  var folder: String?

  func pictures() throws -> CorruptionAssets? {
    try folder.map { folder throws(CorruptionError) in try CorruptionAssets(directory: folder) }
  }
}
