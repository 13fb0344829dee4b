internal import Configuration
internal import Inputs
internal import TensorCore

/// A recipe of one profile with the recipes that it may build on: makes the pipelines.
struct RecipeExpansion: Sendable {
  /// The step that runs another recipe, as `{op: recipe, name: fog}`.
  static let recipeStep = "recipe"

  let recipe: Recipe
  /// Nil for the part of a recipe that holds in every profile.
  let profile: String?
  /// Every recipe by name.
  let library: [String: Recipe]

  /// The pipeline at a severity above 0, up to 5.
  func primitives(severity: Double) throws(ConfigurationError) -> [any CorruptionPrimitive] {
    var built: [Recipe] = []
    return try steps(of: recipe, profile: profile, severity: severity, path: [], built: &built)
  }

  /// The recipe at its five severities.
  func corruption() throws(ConfigurationError) -> Corruption {
    var severities: [[any CorruptionPrimitive]] = []
    var built: [Recipe] = []
    for severity in Corruption.severityRange {
      severities.append(
        try steps(
          of: recipe, profile: profile, severity: Double(severity), path: [], built: &built))
    }
    let hashes = [recipe.hash.description] + Set(built.map(\.hash.description)).sorted()
    return Corruption(
      name: recipe.name, family: recipe.family,
      profile: profile ?? RecipeLibrary.defaultProfile, source: recipe.source,
      hash: built.isEmpty ? recipe.hash : ContentHash(of: hashes.joined(separator: " ")),
      severities: severities, expansion: self, assets: nil, scaling: nil)
  }

  /// - Parameters:
  ///   - path: the recipes that this one is a step of, the outermost first.
  ///   - built: takes the recipes of its steps.
  private func steps(
    of recipe: Recipe, profile: String?, severity: Double, path: [String], built: inout [Recipe]
  ) throws(ConfigurationError) -> [any CorruptionPrimitive] {
    let variant = profile.map { recipe.variant(profile: $0) } ?? recipe.general
    guard let variant else { return [] }
    let title = Severity.text(of: severity)
    let field = "profile \(profile ?? "any"), severity \(title), pipeline"
    guard case .sequence(let items) = variant.pipeline.content, !items.isEmpty else {
      throw .wrongKind(
        ConfigurationError.Place(file: recipe.file, line: variant.pipeline.line, field: field),
        got: variant.pipeline.summary, expected: "a list of steps, each with an `op`")
    }
    var primitives: [any CorruptionPrimitive] = []
    for (index, item) in items.enumerated() {
      let field = "\(field)[\(index)]"
      let step = try variant.fill(item, severity: severity, file: recipe.file, field: field)
      var reader = try ParameterReader(
        step.telling(severity: title), file: recipe.file, field: field,
        roundsIntegers: Int(exactly: severity) == nil)
      let name = try reader.string("op")
      if name == Self.recipeStep {
        primitives += try nested(
          &reader, profile: profile, path: path + [recipe.name], built: &built)
      } else if let primitive = PrimitiveCatalog.primitive(named: name) {
        primitives.append(try primitive.init(&reader))
      } else {
        throw .unknown(
          name, at: reader.place(of: "op"),
          choices: PrimitiveCatalog.all.map { $0.name } + [Self.recipeStep])
      }
      try reader.finish()
      // Recipes of recipes multiply.
      guard primitives.count <= Limit.recipeSteps.value else {
        throw .invalid(
          ConfigurationError.Place(file: recipe.file, line: item.line, field: field),
          problem: "the recipe has more than \(Limit.recipeSteps.value) steps with those that it "
            + "builds on",
          remedy: "take steps out, or raise the limit \(Limit.recipeSteps.rawValue)")
      }
    }
    return primitives
  }

  /// The steps of another recipe, at the same severity and in the same profile unless the step says
  /// otherwise.
  private func nested(
    _ reader: inout ParameterReader, profile outer: String?, path: [String],
    built: inout [Recipe]
  ) throws(ConfigurationError) -> [any CorruptionPrimitive] {
    let name = try reader.string("name")
    guard let recipe = library[name] else {
      throw .unknown(name, at: reader.place(of: "name"), choices: library.keys.sorted())
    }
    guard !path.contains(name) else {
      throw reader.invalid(
        "name", "the recipe builds on itself: \((path + [name]).joined(separator: " -> "))",
        remedy: "take this step out")
    }
    var profile = outer
    if reader.has("profile") {
      profile = try reader.string("profile")
    } else if outer == nil, !recipe.isGeneral {
      // What holds in every profile is checked in one that the other recipe has.
      profile =
        recipe.profiles.contains(RecipeLibrary.defaultProfile)
        ? RecipeLibrary.defaultProfile : recipe.profiles[0]
    }
    if let profile, recipe.variant(profile: profile) == nil {
      throw reader.invalid(
        "name", "the recipe '\(name)' has no profile '\(profile)'",
        remedy: "add `profile:` with one that it has: \(recipe.profiles.joined(separator: ", "))")
    }
    let severity = try reader.double("severity", in: Corruption.fractionalSeverityRange)
    built.append(recipe)
    if severity == 0 { return [] }
    return try steps(
      of: recipe, profile: profile, severity: severity, path: path, built: &built)
  }
}

extension YAMLNode {
  /// The step with its recipe's severity, where that is a parameter and the step gives none.
  fileprivate func telling(severity: String) -> YAMLNode {
    guard case .mapping(var entries) = content, self["severity"] == nil,
      case .scalar(let op, _)? = self["op"]?.content,
      [RecipeExpansion.recipeStep, Exec.name].contains(op)
    else { return self }
    entries.append(
      Entry(
        key: "severity", line: line,
        value: YAMLNode(.scalar(severity, quoted: false), line: line)))
    return YAMLNode(.mapping(entries), line: line)
  }
}
