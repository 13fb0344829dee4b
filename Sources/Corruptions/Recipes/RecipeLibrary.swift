public import Configuration
internal import Foundation

/// The recipes of one or more folders, all read and checked: every `.yaml` file below a folder is
/// a corruption of the file's name.
public struct RecipeLibrary: Sendable {
  /// The profile that is meant when none is named: the constants of the imagecorruptions package,
  /// for images of any size.
  public static let defaultProfile = "imagecorruptions"

  /// By family (noise, blur, weather, digital, others) and then name.
  public let recipes: [Recipe]
  private let assets: CorruptionAssets?

  /// Reads the recipes below `directory`.
  public init(directory: String, assets: CorruptionAssets? = nil) throws(ConfigurationError) {
    try self.init(directories: [directory], assets: assets)
  }

  /// Reads the recipes below several folders; a recipe of an earlier folder hides one of the same
  /// name in a later one.
  ///
  /// - Parameter assets: pictures for the corruptions that blend some in; without, MergeShift's own.
  public init(directories: [String], assets: CorruptionAssets? = nil) throws(ConfigurationError) {
    self.assets = assets
    var recipes: [String: Recipe] = [:]
    for directory in directories {
      var here: [String: Recipe] = [:]
      for file in try Self.files(in: directory) {
        let name = URL(filePath: file).deletingPathExtension().lastPathComponent
        let recipe = try RecipeParser.recipe(name: name, YAMLDocument(contentsOf: file))
        if let other = here[name] {
          throw .invalid(
            ConfigurationError.Place(file: file, line: 1, field: ""),
            problem: "the recipe '\(name)' is also in \(other.file)",
            remedy: "give one of the files another name")
        }
        here[name] = recipe
      }
      recipes.merge(here) { earlier, _ in earlier }
    }
    self.recipes = recipes.values.sorted { first, second in
      let ranks = (Self.rank(first.family), Self.rank(second.family))
      return (ranks.0, first.family, first.name) < (ranks.1, second.family, second.name)
    }
  }

  /// ImageNet-C's families in its order, then the others.
  private static func rank(_ family: String) -> Int {
    let known = ["noise", "blur", "weather", "digital"]
    return known.firstIndex(of: family) ?? known.count
  }

  /// Every profile that some recipe names, the default one first.
  public var profiles: [String] {
    var names: [String] = []
    for name in [Self.defaultProfile] + recipes.flatMap(\.profiles) where !names.contains(name) {
      names.append(name)
    }
    return names
  }

  /// The corruptions that `profile` has, in the order of `recipes`.
  public func names(in profile: String = Self.defaultProfile) -> [String] {
    recipes.filter { $0.isGeneral || $0.profiles.contains(profile) }.map(\.name)
  }

  /// The corruption `name` with the constants of `profile`.
  ///
  /// A recipe of one's own that names no profiles can be had in every profile of the library.
  public func corruption(_ name: String, profile: String = Self.defaultProfile)
    throws(CorruptionError) -> Corruption
  {
    guard let recipe = recipes.first(where: { $0.name == name }) else {
      let known = recipes.map(\.name)
      throw .unknownCorruption(
        name, nearest: Spelling.nearest(to: name, in: known), known: known)
    }
    let known = recipe.isGeneral ? profiles : recipe.profiles
    guard known.contains(profile), let corruption = recipe.checkedCorruption(profile: profile)
    else {
      throw .unknownProfile(
        profile, corruption: name, nearest: Spelling.nearest(to: profile, in: known), known: known)
    }
    return assets.map(corruption.with) ?? corruption
  }

  private static func files(in directory: String) throws(ConfigurationError) -> [String] {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    let exists = unsafe manager.fileExists(atPath: directory, isDirectory: &isFolder)
    guard exists, isFolder.boolValue, let paths = manager.enumerator(atPath: directory) else {
      throw .unreadable(
        file: directory, reason: exists ? "not a folder of recipes" : "no such folder")
    }
    let names = paths.compactMap { $0 as? String }.filter { path in
      path.hasSuffix(".yaml") || path.hasSuffix(".yml")
    }
    return names.sorted().map { "\(directory)/\($0)".replacing("//", with: "/") }
  }
}

extension Recipe {
  /// The parser has made every primitive once already.
  fileprivate func checkedCorruption(profile: String) -> Corruption? {
    do {
      return try corruption(profile: profile)
    } catch {
      preconditionFailure("a recipe that was checked: \(error)")
    }
  }
}
