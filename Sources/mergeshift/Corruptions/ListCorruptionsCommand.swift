import ArgumentParser
import Corruptions
import Foundation

/// `mergeshift list corruptions`, the short form of `mergeshift corruptions list`.
struct ListCorruptionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corruptions", abstract: CorruptionListing.abstract)

  @OptionGroup var listing: CorruptionListing

  func run() throws { try listing.run() }
}

/// `mergeshift corruptions list`.
struct CorruptionsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: CorruptionListing.abstract)

  @OptionGroup var listing: CorruptionListing

  func run() throws { try listing.run() }
}

/// The recipes, as a table or as a picture.
struct CorruptionListing: ParsableArguments {
  static let abstract = "List the corruptions, or draw them all at every severity."

  @OptionGroup var recipes: RecipeOptions

  @Option(help: "Draw the corruptions of the profile at severities 1 to 5 into this PNG file.")
  var gallery: String?

  @OptionGroup var sample: GalleryOptions

  @Option(help: "Draw this corruption only; may be repeated.")
  var corruption: [String] = []

  func run() throws {
    try CommandFailure.reporting {
      let library = try recipes.library()
      guard let gallery else {
        print(Self.table(library), terminator: "")
        return
      }
      try sample.draw(recipes.corruptions(corruption, in: library), to: gallery)
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
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> Substring {
    var text = self[...]
    while text.last == character { text.removeLast() }
    return text
  }
}
