import ArgumentParser
import Corruptions
import Foundation

/// `mergeshift corruptions`: to look at recipes, to write and to test them.
struct CorruptionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corruptions",
    abstract: "Look at corruptions, write recipes of your own, check and compare them.",
    subcommands: [
      CorruptionsListCommand.self,
      CorruptionsShowCommand.self,
      CorruptionsNewCommand.self,
      CorruptionsCheckCommand.self,
      CorruptionsPreviewCommand.self,
      CorruptionsVerifyCommand.self,
    ])
}

/// `mergeshift corruptions show`: a recipe's text.
struct CorruptionsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a recipe, with its file and profiles.",
    discussion: "What is added are comments: the output is a recipe.")

  @Argument(help: "The corruption's name.")
  var name: String

  @OptionGroup var recipes: RecipeFolderOptions

  func run() throws {
    try CommandFailure.reporting {
      let recipe = try recipes.library().recipe(named: name)
      let profiles =
        recipe.isGeneral ? ["any"] + recipe.profiles : recipe.profiles
      print("# \(recipe.name): \(recipe.file)")
      print("# profiles: \(profiles.joined(separator: ", "))")
      print("# hash: \(recipe.hash)")
      print(recipe.text, terminator: recipe.text.hasSuffix("\n") ? "" : "\n")
    }
  }
}

/// `mergeshift corruptions preview`: corruptions at every severity, as a picture.
struct CorruptionsPreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Draw corruptions at severities 1 to 5, one row for each.")

  @Argument(help: "Names of corruptions.")
  var names: [String]

  @Option(name: .shortAndLong, help: "The PNG file.")
  var output: String

  @OptionGroup var recipes: RecipeOptions
  @OptionGroup var sample: GalleryOptions

  func run() throws {
    try CommandFailure.reporting {
      guard URL(filePath: output).pathExtension.lowercased() == "png" else {
        throw CommandFailure.input("\(output): is written as PNG; give a name that ends in .png")
      }
      try sample.draw(recipes.corruptions(names, in: recipes.library()), to: output)
      print(output)
    }
  }
}
