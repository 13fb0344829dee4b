public import Configuration

/// A merging method of a plan with the options that differ from its own, as
/// `- task-arithmetic: {lambda: 0.4}`.
public struct MethodChoice: Hashable, Sendable {
  public let name: String
  /// The options as a plan writes them; a mapping or nothing.
  public let options: YAMLNode
  /// Whether the choice is one of a grid, of which tables show the best, marked as an oracle.
  public let isGridPoint: Bool
  /// The file that names the method, for error messages.
  let place: ConfigurationError.Place

  /// A method with its own defaults.
  public init(name: String) {
    self.init(
      name: name, options: YAMLNode(.mapping([]), line: 1), isGridPoint: false,
      place: ConfigurationError.Place(file: "command line", line: 1, field: name))
  }

  init(name: String, options: YAMLNode, isGridPoint: Bool, place: ConfigurationError.Place) {
    self.name = name
    self.options = options
    self.isGridPoint = isGridPoint
    self.place = place
  }

  /// The options in one text, in the order of their names: `density=0.2,lambda=0.4`.
  public var optionsText: String {
    guard case .mapping(let entries) = options.content else { return "" }
    return entries.map { "\($0.key)=\($0.value.plainText)" }.sorted().joined(separator: ",")
  }

  /// The name, with the options if there are any: `ties (lambda=0.4)`.
  public var title: String { optionsText.isEmpty ? name : "\(name) (\(optionsText))" }

  /// A reader of the options, for the method's own `init`.
  func reader() throws(ConfigurationError) -> ParameterReader {
    try ParameterReader(options, file: place.file, field: place.field)
  }

  public static func == (left: Self, right: Self) -> Bool {
    (left.name, left.optionsText, left.isGridPoint)
      == (right.name, right.optionsText, right.isGridPoint)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(optionsText)
    hasher.combine(isGridPoint)
  }

  /// The choices that one item of a plan's `methods` stands for: a name, or a name with options.
  /// The option `grid`, a mapping of options to lists of values, makes a choice of each combination.
  package static func choices(
    _ item: YAMLNode, at place: ConfigurationError.Place
  ) throws(ConfigurationError) -> [MethodChoice] {
    if case .scalar(let name, _) = item.content, !item.isNull {
      return [
        MethodChoice(
          name: name, options: YAMLNode(.mapping([]), line: item.line), isGridPoint: false,
          place: place)
      ]
    }
    guard case .mapping(let entries) = item.content, entries.count == 1, let entry = entries.first
    else {
      throw .wrongKind(
        place, got: item.summary, expected: "a method's name, or 'name: {option: value}'")
    }
    let inner = ConfigurationError.Place(
      file: place.file, line: entry.line, field: "\(place.field).\(entry.key)")
    // Refuses what is not a mapping.
    var reader = try ParameterReader(entry.value, file: place.file, field: inner.field)
    let options: [YAMLNode.Entry] =
      if case .mapping(let options) = entry.value.content { options } else { [] }
    func choice(_ options: [YAMLNode.Entry], isGridPoint: Bool) -> MethodChoice {
      MethodChoice(
        name: entry.key, options: YAMLNode(.mapping(options), line: entry.value.line),
        isGridPoint: isGridPoint, place: inner)
    }
    guard let grid = try reader.optionalReader("grid") else {
      return [choice(options, isGridPoint: false)]
    }
    let keys = grid.keys
    var gridPoints: [[YAMLNode.Entry]] = [
      options.filter { $0.key != "grid" && !keys.contains($0.key) }
    ]
    for key in keys {
      guard case .sequence(let values) = entry.value["grid"]?[key]?.content, !values.isEmpty else {
        gridPoints = []
        break
      }
      gridPoints = gridPoints.flatMap { point in
        values.map { point + [YAMLNode.Entry(key: key, line: $0.line, value: $0)] }
      }
    }
    guard !keys.isEmpty, !gridPoints.isEmpty else {
      throw reader.invalid(
        "grid", "is not options with lists of values", remedy: "write 'grid: {lambda: [0.1, 0.2]}'")
    }
    let fixed = options.filter { $0.key != "grid" }
    return [choice(fixed, isGridPoint: false)] + gridPoints.map { choice($0, isGridPoint: true) }
  }
}

extension YAMLNode {
  /// The value on one line, without its places.
  fileprivate var plainText: String {
    switch content {
    case .scalar(let text, _): text
    case .sequence(let items): "[\(items.map(\.plainText).joined(separator: " "))]"
    case .mapping(let entries):
      "{\(entries.map { "\($0.key): \($0.value.plainText)" }.joined(separator: " "))}"
    }
  }
}
