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
  private let byName: [String: Recipe]
  private let assets: CorruptionAssets?
  /// Whether recipes may run programs (`op: exec`).
  private let allowsPrograms: Bool

  /// Reads the recipes below `directory`.
  public init(
    directory: String, assets: CorruptionAssets? = nil, allowsPrograms: Bool = false
  ) throws(ConfigurationError) {
    try self.init(directories: [directory], assets: assets, allowsPrograms: allowsPrograms)
  }

  /// Reads the recipes below several folders; a recipe of an earlier folder hides one of the same
  /// name in a later one.
  ///
  /// - Parameters:
  ///   - assets: pictures for the corruptions that blend some in; without, MergeShift's own.
  ///   - allowsPrograms: whether corruptions that run programs may be had; without, they are
  ///     listed only.
  public init(
    directories: [String], assets: CorruptionAssets? = nil, allowsPrograms: Bool = false
  ) throws(ConfigurationError) {
    self.assets = assets
    self.allowsPrograms = allowsPrograms
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
    byName = recipes
    self.recipes = recipes.values.sorted { first, second in
      let ranks = (Self.rank(first.family), Self.rank(second.family))
      return (ranks.0, first.family, first.name) < (ranks.1, second.family, second.name)
    }
    for recipe in recipes.values.sorted(by: { $0.file < $1.file }) {
      try RecipeParser.check(recipe, in: byName)
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
  ///
  /// - Parameter profile: its name; with `@224` behind it images are scaled to 224 pixels first.
  public func corruption(_ name: String, profile text: String = Self.defaultProfile)
    throws(CorruptionError) -> Corruption
  {
    let recipe = try recipe(named: name)
    guard let wanted = ProfileName(text) else { throw .profileSide(text) }
    let profile = wanted.profile
    let known = recipe.isGeneral ? profiles : recipe.profiles
    guard known.contains(profile) else {
      throw .unknownProfile(
        profile, corruption: name, nearest: Spelling.nearest(to: profile, in: known), known: known)
    }
    let corruption: Corruption
    do {
      corruption = try RecipeExpansion(recipe: recipe, profile: profile, library: byName)
        .corruption()
    } catch {
      throw .recipe(error)
    }
    if !allowsPrograms, let program = corruption.programs.first {
      throw .programNotAllowed(program: program, corruption: name)
    }
    let complete = assets.map(corruption.with) ?? corruption
    return wanted.side.map { complete.scaled(to: $0, profile: text) } ?? complete
  }

  /// The recipe `name`, in whatever profiles it has.
  public func recipe(named name: String) throws(CorruptionError) -> Recipe {
    guard let recipe = byName[name] else {
      let known = recipes.map(\.name)
      throw .unknownCorruption(
        name, nearest: Spelling.nearest(to: name, in: known), known: known)
    }
    return recipe
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

extension Corruption {
  /// The programs that its steps run, each once.
  public var programs: [String] {
    var names: [String] = []
    for case let step as Exec in severities.joined() where !names.contains(step.program) {
      names.append(step.program)
    }
    return names
  }
}
