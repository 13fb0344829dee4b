/// Reads the values of a mapping by name and type, each within its range, and refuses what is left.
///
///     var reader = try YAMLDocument(contentsOf: path).reader()
///     let sigma = try reader.double("sigma", in: 0...1)
///     let border = try reader.choice("border", of: Border.self, default: .nearest)
///     try reader.finish()
///
/// Every error names file, line and field. A key that was never asked for is refused by `finish`,
/// with the nearest spelling among those that were.
public struct ParameterReader: Sendable {
  public let file: String
  /// Where the mapping stands in the file, as `pipeline[0]`; empty at the top.
  public let field: String
  /// The line on which the mapping begins.
  public let line: Int
  private let entries: [YAMLNode.Entry]
  let roundsIntegers: Bool
  private var asked: [String] = []

  /// - Parameters:
  ///   - node: a mapping; nothing at all is an empty one.
  ///   - file: the file's name, for error messages.
  ///   - field: where the mapping stands in the file.
  ///   - roundsIntegers: whether a number with a fraction is rounded where an integer is asked
  ///     for, halves away from 0: for values that were interpolated.
  public init(
    _ node: YAMLNode, file: String, field: String = "", roundsIntegers: Bool = false
  ) throws(ConfigurationError) {
    self.file = file
    self.field = field
    self.roundsIntegers = roundsIntegers
    line = node.line
    switch node.content {
    case .mapping(let entries): self.entries = entries
    case .scalar where node.isNull: entries = []
    default:
      throw .wrongKind(
        ConfigurationError.Place(file: file, line: node.line, field: field), got: node.summary,
        expected: "a mapping (key: value)")
    }
  }

  // MARK: Keys

  /// The keys, in the order of the text.
  public var keys: [String] { entries.map(\.key) }

  /// Whether the mapping has `key`, which counts as asked for.
  public mutating func has(_ key: String) -> Bool { node(key) != nil }

  /// The value of `key` as it stands, or nil; the key counts as asked for.
  public mutating func node(_ key: String) -> YAMLNode? {
    if !asked.contains(key) { asked.append(key) }
    return entries.first { $0.key == key }?.value
  }

  /// Where `key` stands, or would have to.
  public func place(of key: String) -> ConfigurationError.Place {
    let path = field.isEmpty ? key : "\(field).\(key)"
    let keyLine = entries.first { $0.key == key }?.line ?? line
    return ConfigurationError.Place(file: file, line: keyLine, field: path)
  }

  /// Refuses the keys that nothing asked for, all at once.
  public func finish() throws(ConfigurationError) {
    let free = asked.filter { name in !entries.contains { $0.key == name } }
    let unknown = entries.filter { !asked.contains($0.key) }.map { entry in
      ConfigurationError.unknownKey(
        ConfigurationError.Place(file: file, line: entry.line, field: field), key: entry.key,
        nearest: Spelling.nearest(to: entry.key, in: free), known: asked)
    }
    if let error = ConfigurationError.joined(unknown) { throw error }
  }

  /// Where the mapping itself stands.
  public var place: ConfigurationError.Place {
    ConfigurationError.Place(file: file, line: line, field: field)
  }

  /// A value that is well-formed and still can't be used.
  public func invalid(_ key: String, _ problem: String, remedy: String) -> ConfigurationError {
    .invalid(place(of: key), problem: problem, remedy: remedy)
  }

  // MARK: Scalars

  public mutating func string(_ key: String) throws(ConfigurationError) -> String {
    try Self.text(required(key, expected: "a text"), at: place(of: key))
  }

  public mutating func string(_ key: String, default value: String) throws(ConfigurationError)
    -> String
  {
    guard let node = node(key) else { return value }
    return try Self.text(node, at: place(of: key))
  }

  public mutating func int(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError)
    -> Int
  {
    let node = try required(key, expected: Self.expected(range))
    return try int(node, at: place(of: key), in: range)
  }

  public mutating func int(_ key: String, in range: ClosedRange<Int>, default value: Int)
    throws(ConfigurationError) -> Int
  {
    guard let node = node(key) else { return value }
    return try int(node, at: place(of: key), in: range)
  }

  /// A finite number.
  public mutating func double(_ key: String, in range: ClosedRange<Double>)
    throws(ConfigurationError) -> Double
  {
    let node = try required(key, expected: Self.expected(range))
    return try Self.double(node, at: place(of: key), in: range)
  }

  public mutating func double(_ key: String, in range: ClosedRange<Double>, default value: Double)
    throws(ConfigurationError) -> Double
  {
    guard let node = node(key) else { return value }
    return try Self.double(node, at: place(of: key), in: range)
  }

  /// `true` or `false`.
  public mutating func bool(_ key: String) throws(ConfigurationError) -> Bool {
    try Self.bool(required(key, expected: "true or false"), at: place(of: key))
  }

  public mutating func bool(_ key: String, default value: Bool) throws(ConfigurationError) -> Bool {
    guard let node = node(key) else { return value }
    return try Self.bool(node, at: place(of: key))
  }

  /// The case of an enumeration whose raw value is written.
  public mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type
  ) throws(ConfigurationError) -> Choice {
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    let node = try required(key, expected: "one of \(names)")
    return try Self.choice(node, at: place(of: key))
  }

  public mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type, default value: Choice
  ) throws(ConfigurationError) -> Choice {
    guard let node = node(key) else { return value }
    return try Self.choice(node, at: place(of: key))
  }

  mutating func required(_ key: String, expected: String) throws(ConfigurationError)
    -> YAMLNode
  {
    guard let node = node(key) else { throw .missing(place(of: key), expected: expected) }
    return node
  }
}
