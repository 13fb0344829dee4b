public import Configuration
internal import Foundation

/// The classes of a data set and the sentences that describe them, in a YAML file:
///
///     summary: land use seen by Sentinel-2, ten classes
///     source: the folders of EuroSAT's RGB images
///     templates:
///       - a satellite image of {}.
///       - "{} from above"
///     classes:                    # in the order of the labels
///       - Forest                  # name and text in one: "Forest"
///       - AnnualCrop: fields of annual crops
///
/// A sentence is a template with a class's text in the place of `{}`. A text that is not given is the
/// class's name with blanks for underscores.
public struct ClassPrompts: Sendable, Hashable {
  public struct ClassText: Sendable, Hashable {
    /// As labels and class folders name it.
    public let name: String
    /// What a sentence says of it.
    public let text: String
  }

  public let file: String
  /// What the data set is, in a line; empty if the file does not say.
  public let summary: String
  /// Where the names and their order come from; empty if the file does not say.
  public let source: String
  /// Sentences with `{}` where the class goes; at least one, all different.
  public let templates: [String]
  /// In the order of the labels; at least one, all names different.
  public let classes: [ClassText]

  /// What a template has in the place of the class.
  public static let placeholder = "{}"

  /// The file's name without folder and extension, as `eurosat`.
  public var name: String {
    URL(filePath: file).deletingPathExtension().lastPathComponent
  }

  /// Reads a file.
  ///
  /// - Throws: `ConfigurationError`, naming file, line and field.
  public init(contentsOf path: String) throws(ConfigurationError) {
    try self.init(YAMLDocument(contentsOf: path))
  }

  public init(_ document: YAMLDocument) throws(ConfigurationError) {
    var reader = try document.reader()
    file = document.file
    summary = try reader.string("summary", default: "")
    source = try reader.string("source", default: "")
    templates = try Self.templates(&reader)
    classes = try Self.classes(&reader)
    try reader.finish()
  }

  /// The sentences of a class, one of each template.
  public func sentences(of classText: ClassText) -> [String] {
    templates.map { $0.replacing(Self.placeholder, with: classText.text) }
  }

  private static func templates(
    _ reader: inout ParameterReader
  ) throws(ConfigurationError) -> [String] {
    let templates = try reader.strings("templates")
    guard !templates.isEmpty else {
      throw reader.invalid("templates", "has no template", remedy: "list at least one")
    }
    let items = items(reader.node("templates"))
    for (index, template) in templates.enumerated() {
      let place = place(of: index, in: items, "templates", reader)
      guard template.contains(placeholder) else {
        throw .invalid(
          place, problem: "'\(template)' has no place for the class",
          remedy: "write \(placeholder) where it goes")
      }
      guard !templates[..<index].contains(template) else {
        throw .invalid(
          place, problem: "'\(template)' stands twice", remedy: "list each template once")
      }
    }
    return templates
  }

  private static func classes(
    _ reader: inout ParameterReader
  ) throws(ConfigurationError) -> [ClassText] {
    let expected = "a list of class names, or of 'name: text'"
    guard let node = reader.node("classes") else {
      throw .missing(reader.place(of: "classes"), expected: expected)
    }
    guard case .sequence(let items) = node.content else {
      throw .wrongKind(reader.place(of: "classes"), got: node.summary, expected: expected)
    }
    guard !items.isEmpty else {
      throw reader.invalid("classes", "has no class", remedy: "list at least one")
    }
    var classes: [ClassText] = []
    var names: Set<String> = []
    for (index, item) in items.enumerated() {
      let place = place(of: index, in: items, "classes", reader)
      let classText = try classText(item, at: place)
      guard names.insert(classText.name).inserted else {
        throw .invalid(
          place, problem: "class '\(classText.name)' stands twice",
          remedy: "give each class a name of its own")
      }
      classes.append(classText)
    }
    return classes
  }

  /// A name, or a mapping of one name to its text.
  private static func classText(
    _ node: YAMLNode, at place: ConfigurationError.Place
  ) throws(ConfigurationError) -> ClassText {
    let (name, text): (String, String)
    switch node.content {
    case .scalar(let scalar, _) where !node.isNull:
      (name, text) = (scalar, scalar.replacing("_", with: " "))
    case .mapping(let entries) where entries.count == 1:
      guard case .scalar(let scalar, _) = entries[0].value.content, !entries[0].value.isNull else {
        throw .wrongKind(
          ConfigurationError.Place(
            file: place.file, line: entries[0].line, field: "\(place.field).\(entries[0].key)"),
          got: entries[0].value.summary, expected: "the class's text")
      }
      (name, text) = (entries[0].key, scalar)
    default:
      throw .wrongKind(place, got: node.summary, expected: "a class name, or 'name: text'")
    }
    guard !name.allSatisfy(\.isWhitespace), !text.allSatisfy(\.isWhitespace) else {
      throw .invalid(place, problem: "the name or text is empty", remedy: "write what the class is")
    }
    return ClassText(name: name, text: text)
  }

  /// The items of a list; none if it is a single value.
  private static func items(_ node: YAMLNode?) -> [YAMLNode] {
    guard case .sequence(let items) = node?.content else { return [] }
    return items
  }

  private static func place(
    of index: Int, in items: [YAMLNode], _ key: String, _ reader: ParameterReader
  ) -> ConfigurationError.Place {
    guard items.indices.contains(index) else { return reader.place(of: key) }
    return ConfigurationError.Place(
      file: reader.file, line: items[index].line, field: "\(reader.place(of: key).field)[\(index)]")
  }
}
