import ArgumentParser
import Corruptions

/// Where the commands that know corruptions read recipes: the same for all of them.
struct RecipeFolderOptions: ParsableArguments {
  @Option(
    help: "A folder of recipes that goes before MergeShift's own; may be repeated, first one first."
  )
  var recipes: [String] = []

  @Option(
    help: "A folder with the published frost photographs; without it, frost is MergeShift's own.")
  var assets: String?

  @Flag(help: "Let recipes run programs (`op: exec`).")
  var allowExec = false

  @OptionGroup var limits: LimitOptions

  func library() throws -> RecipeLibrary {
    let own: String?
    do {
      own = try ProjectLocation.corruptions()
    } catch {
      // Away from MergeShift's folder the recipes that were named are enough.
      if recipes.isEmpty { throw error }
      own = nil
    }
    let assets = try assets.map { folder throws(CorruptionError) in
      try CorruptionAssets(directory: folder)
    }
    return try RecipeLibrary(
      directories: recipes + (own.map { [$0] } ?? []), assets: assets, allowsPrograms: allowExec)
  }
}

/// The recipes and the profile that they are read in.
struct RecipeOptions: ParsableArguments {
  @Option(help: "Whose constants, as `mergeshift list corruptions` shows them.")
  var profile = RecipeLibrary.defaultProfile

  @OptionGroup var folder: RecipeFolderOptions

  func library() throws -> RecipeLibrary { try folder.library() }

  /// The corruptions `names`, or all of the profile if there are none.
  func corruptions(_ names: [String], in library: RecipeLibrary) throws -> [Corruption] {
    let names = names.isEmpty ? library.names(in: profile) : names
    return try names.map { try library.corruption($0, profile: profile) }
  }
}
