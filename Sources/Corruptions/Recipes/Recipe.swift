internal import Configuration
public import TensorCore

/// A corruption as its file describes it: for each profile a pipeline of primitives and a table of
/// the parameters that change with the severity.
public struct Recipe: Sendable {
  /// The file's name without its extension.
  public let name: String
  /// The group it is listed in: `noise`, `blur`, `weather`, `digital` or another.
  public let family: String
  /// Where algorithm and constants come from.
  public let source: String
  /// What it does, in one line.
  public let summary: String
  /// The file that it was read from.
  public let file: String
  /// The file's text.
  public let text: String
  /// For the profiles that the file doesn't name.
  let general: Variant?
  /// In the order of the file.
  let variants: [(profile: String, variant: Variant)]

  /// The profiles that the file names, in its order.
  public var profiles: [String] { variants.map(\.profile) }

  /// Whether it can be applied in any profile, as a recipe of one's own.
  public var isGeneral: Bool { general != nil }

  /// Of the file's text: tells whether results were made with the same recipe.
  public var hash: ContentHash { ContentHash(of: text) }

  /// One pipeline with its table.
  struct Variant: Sendable {
    /// The steps, in which `$name` stands for a row of the table.
    var pipeline: YAMLNode
    /// Rows of five values, for severities 1 to 5.
    var severities: [SeverityRow]
  }

  func variant(profile: String) -> Variant? {
    variants.first { $0.profile == profile }?.variant ?? general
  }
}

extension Recipe.Variant {
  /// The step with the values of the table in the places of their names; errors point at the table.
  func fill(_ step: YAMLNode, severity: Double, file: String, field: String)
    throws(ConfigurationError) -> YAMLNode
  {
    guard case .mapping(var entries) = step.content else { return step }
    for index in entries.indices {
      guard let name = entries[index].value.reference else { continue }
      let place = ConfigurationError.Place(
        file: file, line: entries[index].value.line, field: "\(field).\(entries[index].key)")
      guard let row = severities.first(where: { $0.name == name }) else {
        throw .unknown("$\(name)", at: place, choices: severities.map { "$\($0.name)" })
      }
      entries[index] = YAMLNode.Entry(
        key: entries[index].key, line: row.line,
        value: try row.value(at: severity, file: file, field: place.field))
    }
    return YAMLNode(.mapping(entries), line: step.line)
  }

  /// The names of rows that the pipeline uses.
  var references: [String] {
    guard case .sequence(let steps) = pipeline.content else { return [] }
    return steps.flatMap { step -> [String] in
      guard case .mapping(let entries) = step.content else { return [] }
      return entries.compactMap(\.value.reference)
    }
  }
}

extension YAMLNode {
  /// The row of the severity table that this value stands for: `sigma` for `$sigma`.
  fileprivate var reference: String? {
    guard case .scalar(let text, quoted: false) = content, text.hasPrefix("$") else { return nil }
    return String(text.dropFirst())
  }
}
