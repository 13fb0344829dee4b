internal import Configuration

/// Reads recipes; `corruptions/README.md` describes the format.
enum RecipeParser {
  private static let severityCount = Corruption.severityRange.count

  /// - Parameter name: what the corruption is called.
  /// - Throws: the first thing that is wrong with the file by itself; see `check`.
  static func recipe(name: String, _ document: YAMLDocument) throws(ConfigurationError) -> Recipe {
    var reader = try document.reader()
    let family = try reader.string("family")
    let source = try reader.string("source")
    let summary = try reader.string("summary")
    let pipeline = reader.node("pipeline")
    let interpolations = try interpolations(reader.optionalReader("interpolation"))
    var general: Recipe.Variant?
    if reader.has("severities") {
      general = Recipe.Variant(
        pipeline: try self.pipeline(pipeline, in: reader),
        severities: try rows(reader.reader("severities"), interpolations))
    }
    var variants: [(profile: String, variant: Recipe.Variant)] = []
    if var profiles = try reader.optionalReader("profiles") {
      for name in profiles.keys {
        var profile = try profiles.reader(name)
        let variant = try self.variant(
          &profile, pipeline: pipeline, general: general, before: variants, interpolations)
        try profile.finish()
        variants.append((name, variant))
      }
    }
    try reader.finish()
    guard general != nil || !variants.isEmpty else {
      throw .missing(
        reader.place(of: "severities"),
        expected:
          "a table of \(severityCount) values for each parameter, or `profiles` that have one")
    }
    let rows = Set(
      ((general.map { [$0] } ?? []) + variants.map(\.variant)).flatMap(\.severities)
        .map(\.name))
    if var table = try reader.optionalReader("interpolation") {
      for name in table.keys where !rows.contains(name) {
        _ = table.node(name)
        throw .unknown(name, at: table.place(of: name), choices: rows.sorted())
      }
    }
    return Recipe(
      name: name, family: family, source: source, summary: summary, file: document.file,
      text: document.text, general: general, variants: variants)
  }

  private static func pipeline(_ node: YAMLNode?, in reader: ParameterReader)
    throws(ConfigurationError) -> YAMLNode
  {
    guard let node else {
      throw .missing(reader.place(of: "pipeline"), expected: "a list of steps, each with an `op`")
    }
    return node
  }

  /// A profile: its own pipeline and rows, over those of the profile that it is `like`.
  private static func variant(
    _ reader: inout ParameterReader, pipeline: YAMLNode?, general: Recipe.Variant?,
    before: [(profile: String, variant: Recipe.Variant)],
    _ interpolations: [String: SeverityRow.Interpolation]
  ) throws(ConfigurationError) -> Recipe.Variant {
    var base = general
    if reader.has("like") {
      let name = try reader.string("like")
      guard let found = before.first(where: { $0.profile == name })?.variant else {
        throw .unknown(name, at: reader.place(of: "like"), choices: before.map(\.profile))
      }
      base = found
    }
    let steps = try self.pipeline(reader.node("pipeline") ?? base?.pipeline ?? pipeline, in: reader)
    var variant = Recipe.Variant(pipeline: steps, severities: base?.severities ?? [])
    if reader.has("severities") {
      let own = try rows(reader.reader("severities"), interpolations)
      variant.severities.removeAll { row in own.contains { $0.name == row.name } }
      variant.severities += own
    } else if base == nil {
      throw .missing(
        reader.place(of: "severities"),
        expected: "a table of \(severityCount) values for each parameter")
    }
    return variant
  }

  private static func rows(
    _ reader: ParameterReader, _ interpolations: [String: SeverityRow.Interpolation]
  ) throws(ConfigurationError) -> [SeverityRow] {
    var reader = reader
    var rows: [SeverityRow] = []
    for name in reader.keys {
      let place = reader.place(of: name)
      let expected = "a list of \(severityCount) values, one for each severity"
      guard let node = reader.node(name), case .sequence(let values) = node.content,
        values.count == severityCount
      else {
        throw .wrongKind(place, got: reader.node(name)?.summary ?? "", expected: expected)
      }
      rows.append(
        SeverityRow(
          name: name, line: place.line, values: values,
          interpolation: interpolations[name] ?? SeverityRow.Interpolation()))
    }
    return rows
  }

  /// How rows go from one severity to the next, by name.
  private static func interpolations(_ reader: ParameterReader?) throws(ConfigurationError)
    -> [String: SeverityRow.Interpolation]
  {
    guard var reader else { return [:] }
    var interpolations: [String: SeverityRow.Interpolation] = [:]
    for name in reader.keys {
      var row = try reader.reader(name)
      let identity = row.node("identity")
      if let identity, !identity.isNumeric {
        throw .wrongKind(
          row.place(of: "identity"), got: identity.summary,
          expected: "the number at which the parameter changes nothing")
      }
      interpolations[name] = SeverityRow.Interpolation(
        identity: identity,
        scale: try row.choice("scale", of: SeverityRow.Scale.self, default: .linear))
      try row.finish()
    }
    return interpolations
  }

  /// Makes every primitive once, so that a fault shows when the file is read, and refuses rows
  /// that no step uses.
  ///
  /// - Parameter library: every recipe by name, for those that build on others.
  static func check(_ recipe: Recipe, in library: [String: Recipe]) throws(ConfigurationError) {
    var variants: [(profile: String?, variant: Recipe.Variant)] = []
    if let general = recipe.general { variants.append((nil, general)) }
    for (profile, variant) in recipe.variants { variants.append((profile, variant)) }
    for (profile, variant) in variants {
      _ = try RecipeExpansion(recipe: recipe, profile: profile, library: library).corruption()
      let used = variant.references
      for row in variant.severities where !used.contains(row.name) {
        let place = ConfigurationError.Place(
          file: recipe.file, line: row.line,
          field: "profile \(profile ?? "any"), severities.\(row.name)")
        throw .invalid(
          place, problem: "no step of the pipeline uses this row",
          remedy: "write $\(row.name) for a parameter's value, or take the row out")
      }
    }
  }
}
