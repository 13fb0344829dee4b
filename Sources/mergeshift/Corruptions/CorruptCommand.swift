import ArgumentParser
import Corruptions
import Foundation
import TensorCore

/// `mergeshift corrupt`: corrupted copies of an image, a folder or a tar archive of them.
struct CorruptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corrupt",
    abstract: "Write corrupted copies of an image, a folder or a tar archive of images.",
    discussion: """
      A folder becomes a data set in ImageNet-C's layout, OUT/CORRUPTION/SEVERITY/CLASS/IMAGE, with \
      OUT/manifest.csv: path, source, corruption, severity, profile, seed, random, recipe, \
      jpeg_quality and the XXH3-128 of the pixels of each image. Files that are no images by their \
      names are left out. A tar archive in the folder, or in its place, as a WebDataset shard, \
      becomes OUT/CORRUPTION/SEVERITY/ARCHIVE with its other files as they are. The same command goes on where an interrupted one stopped. A single \
      image under one corruption at one severity is written to the file OUT, in the format of its \
      extension.

      Images are 8-bit RGB: grey ones become R = G = B, transparency is dropped.

      Draws are keyed by seed, corruption, severity and the image's path below IN: order and \
      threads change no pixel. With --random numpy each image starts from \
      numpy.random.seed(SEED), and equals what the published code makes of it.
      """)

  @Argument(help: "An image (PNG, JPEG, PNM), a folder of them, or a tar archive.")
  var input: String

  @Argument(help: "Where the copies go: a folder, or a .png or .jpg file.")
  var output: String

  @Option(help: "Names as `mergeshift list corruptions` shows them, apart by commas; or all.")
  var corruption: NameList

  @Option(help: "1 (mild) to 5: 3, 1,3,5, 1-5, or between, as 2.5.")
  var severity: SeverityList

  @OptionGroup var recipes: RecipeOptions

  @Option(help: "Where draws come from: keyed, or a replay of NumPy's generators.")
  var random = DrawSource.keyed

  @Option(help: "The seed of the draws.")
  var seed: UInt64 = 0

  @Option(help: "The format of the images: png or jpeg. Default: png in a folder.")
  var format: OutputImage.Format?

  @Option(help: "The quality of JPEG files, 1 to 100; ImageNet-C has 85.")
  var jpegQuality = 85

  @Flag(help: "Copy the folder's tree as it is: one corruption at one severity.")
  var flat = false

  @Option(help: "How many threads share the work; all cores unless given. Changes no pixel.")
  var threads: Int?

  @Flag(help: "Replace files that are there already.")
  var overwrite = false

  @OptionGroup var unreadable: UnreadableImagesOptions

  @Flag(help: "Print what would be written, and write nothing.")
  var dryRun = false

  func validate() throws {
    guard (1...100).contains(jpegQuality) else {
      throw ValidationError("--jpeg-quality is 1 to 100")
    }
    if let threads, threads < 1 { throw ValidationError("--threads is at least 1") }
    try random.validate(seed: seed)
  }

  func run() throws {
    if let threads { Parallel.threadCount = threads }
    try CommandFailure.reporting {
      let names = corruption.names == ["all"] ? [] : corruption.names
      let corruptions = try recipes.corruptions(names, in: recipes.library())
      // What a recipe can't do is said before anything is written.
      for corruption in corruptions {
        for severity in severity.values { _ = try corruption.pipeline(severity: severity) }
      }
      let whole = try CorruptPlan(
        SourceImages(input, takesArchives: true), input: input, output: output,
        corruptions: corruptions,
        severities: severity.values, format: format, isFlat: flat)
      let job = CorruptJob(
        random: random, seed: seed, quality: jpegQuality,
        skipsUnreadable: unreadable.skipUnreadable,
        manifest: try whole.folder.map { try CorruptManifest(folder: $0) })
      let plan = overwrite ? whole : try job.pending(of: whole)
      let finished = whole.outputCount - plan.outputCount
      guard !dryRun else {
        for item in plan.items { for output in item.outputs { print(output.path) } }
        StandardError.write(
          "\(plan.outputCount) \(plan.noun) to write, \(finished) there already\n")
        return
      }
      try job.run(plan, finished: finished)
    }
  }
}
