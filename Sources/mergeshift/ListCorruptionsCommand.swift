import ArgumentParser
import Corruptions
import Foundation
import Imaging

/// `mergeshift list corruptions`: the recipes, as a table or as a picture.
struct ListCorruptionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corruptions",
    abstract: "List the corruptions, or draw them all at every severity.")

  @OptionGroup var recipes: RecipeOptions

  @Option(help: "Draw the corruptions of the profile at severities 1 to 5 into this PNG file.")
  var gallery: String?

  @Option(
    help: "The image of the gallery; one of the embedded suite unless given.",
    completion: .file(extensions: ["png", "jpg", "jpeg", "ppm"]))
  var image: String?

  @Option(help: "Draw this corruption only; may be repeated.")
  var corruption: [String] = []

  @Option(help: "The seed of the gallery's draws.")
  var seed: UInt64 = 0

  func run() throws {
    try CommandFailure.reporting {
      let library = try recipes.library()
      guard let gallery else {
        print(Self.table(library), terminator: "")
        return
      }
      let names = corruption.isEmpty ? library.names(in: recipes.profile) : corruption
      let corruptions = try names.map { try library.corruption($0, profile: recipes.profile) }
      let sample = try image ?? Self.defaultImage()
      let picture = try CorruptionGallery(
        corruptions: corruptions, image: ImageDecoder.decode(contentsOf: sample), seed: seed
      ).picture()
      try OutputImage.write(picture, to: gallery, format: .png)
      print(gallery)
    }
  }

  /// Name, family, profiles, source and summary in columns.
  private static func table(_ library: RecipeLibrary) -> String {
    let all = library.profiles
    var rows = [["name", "family", "profiles", "what it does"]]
    for recipe in library.recipes {
      let own = recipe.isGeneral || recipe.profiles.count == all.count
      rows.append([
        recipe.name, recipe.family, own ? "all" : recipe.profiles.joined(separator: " "),
        recipe.summary,
      ])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
    var text = ""
    for row in rows {
      let cells = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
      text += cells.joined(separator: "  ").trimmingSuffix(" ") + "\n"
    }
    let sources = Dictionary(grouping: library.recipes, by: \.source)
    text += "\nprofiles: \(all.joined(separator: ", "))\nsources:\n"
    for (source, recipes) in sources.sorted(by: { $0.key < $1.key }) {
      text += "  \(source): \(recipes.map(\.name).joined(separator: ", "))\n"
    }
    return text
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

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> Substring {
    var text = self[...]
    while text.last == character { text.removeLast() }
    return text
  }
}
