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
  private let roundsIntegers: Bool
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

  // MARK: Sequences

  /// A list of texts; a single text counts as a list of one.
  public mutating func strings(_ key: String) throws(ConfigurationError) -> [String] {
    try elements(key, expected: "a list of texts") { (node, place) throws(ConfigurationError) in
      try Self.text(node, at: place)
    }
  }

  public mutating func strings(_ key: String, default value: [String]) throws(ConfigurationError)
    -> [String]
  {
    has(key) ? try strings(key) : value
  }

  /// A list of integers; a single one counts as a list of one.
  public mutating func ints(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError)
    -> [Int]
  {
    let reader = self
    return try elements(key, expected: "a list, each \(Self.expected(range))") {
      (node, place) throws(ConfigurationError) in
      try reader.int(node, at: place, in: range)
    }
  }

  public mutating func ints(_ key: String, in range: ClosedRange<Int>, default value: [Int])
    throws(ConfigurationError) -> [Int]
  {
    has(key) ? try ints(key, in: range) : value
  }

  /// A list of finite numbers; a single one counts as a list of one.
  ///
  /// - Parameter count: how many there must be, if that matters.
  public mutating func doubles(_ key: String, in range: ClosedRange<Double>, count: Int? = nil)
    throws(ConfigurationError) -> [Double]
  {
    let values = try elements(key, expected: "a list, each \(Self.expected(range))") {
      (node, place) throws(ConfigurationError) in
      try Self.double(node, at: place, in: range)
    }
    if let count, values.count != count {
      throw .wrongKind(
        place(of: key), got: "a list of \(values.count)", expected: "a list of \(count) numbers")
    }
    return values
  }

  public mutating func doubles(
    _ key: String, in range: ClosedRange<Double>, count: Int? = nil, default value: [Double]
  ) throws(ConfigurationError) -> [Double] {
    has(key) ? try doubles(key, in: range, count: count) : value
  }

  /// A list of names of an enumeration; a single one counts as a list of one.
  public mutating func choices<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type
  ) throws(ConfigurationError) -> [Choice] {
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return try elements(key, expected: "a list of names among \(names)") {
      (node, place) throws(ConfigurationError) in
      try Self.choice(node, at: place)
    }
  }

  // MARK: Nested mappings

  /// A reader of the mapping at `key`; the caller finishes it.
  public mutating func reader(_ key: String) throws(ConfigurationError) -> ParameterReader {
    let node = try required(key, expected: "a mapping (key: value)")
    return try ParameterReader(node, file: file, field: place(of: key).field)
  }

  /// A reader of the mapping at `key`, or nil without that key; the caller finishes it.
  public mutating func optionalReader(_ key: String) throws(ConfigurationError) -> ParameterReader?
  {
    has(key) ? try reader(key) : nil
  }

  /// Readers of the mappings in the list at `key`; the caller finishes them.
  public mutating func readers(_ key: String) throws(ConfigurationError) -> [ParameterReader] {
    var problems = ConfigurationProblems()
    let readers = readers(key, &problems)
    if let error = problems.error { throw error }
    return readers
  }

  /// The same of those elements that are mappings.
  public mutating func readers(
    _ key: String, _ problems: inout ConfigurationProblems
  ) -> [ParameterReader] {
    elements(key, expected: "a list of mappings", &problems) {
      (node, place) throws(ConfigurationError) in
      try ParameterReader(node, file: place.file, field: place.field)
    }
  }

  // MARK: Conversions

  private mutating func required(_ key: String, expected: String) throws(ConfigurationError)
    -> YAMLNode
  {
    guard let node = node(key) else { throw .missing(place(of: key), expected: expected) }
    return node
  }

  private mutating func elements<Element>(
    _ key: String, expected: String,
    _ convert: (YAMLNode, ConfigurationError.Place) throws(ConfigurationError) -> Element
  ) throws(ConfigurationError) -> [Element] {
    var problems = ConfigurationProblems()
    let elements = elements(key, expected: expected, &problems, convert)
    if let error = problems.error { throw error }
    return elements
  }

  /// The elements of a list that can be converted.
  private mutating func elements<Element>(
    _ key: String, expected: String, _ problems: inout ConfigurationProblems,
    _ convert: (YAMLNode, ConfigurationError.Place) throws(ConfigurationError) -> Element
  ) -> [Element] {
    guard let node = problems.value(try required(key, expected: expected)) else { return [] }
    guard case .sequence(let items) = node.content else {
      return problems.value(try convert(node, place(of: key))).map { [$0] } ?? []
    }
    var elements: [Element] = []
    for (index, item) in items.enumerated() {
      let place = ConfigurationError.Place(
        file: file, line: item.line, field: "\(place(of: key).field)[\(index)]")
      if let element = problems.value(try convert(item, place)) { elements.append(element) }
    }
    return elements
  }

  private static func text(_ node: YAMLNode, at place: ConfigurationError.Place)
    throws(ConfigurationError) -> String
  {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      throw .wrongKind(place, got: node.summary, expected: "a text")
    }
    return text
  }

  private static func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ node: YAMLNode, at place: ConfigurationError.Place
  ) throws(ConfigurationError) -> Choice {
    let name = try Self.text(node, at: place)
    guard let choice = Choice(rawValue: name) else {
      throw .unknown(name, at: place, choices: Choice.allCases.map(\.rawValue))
    }
    return choice
  }

  private func int(
    _ node: YAMLNode, at place: ConfigurationError.Place, in range: ClosedRange<Int>
  ) throws(ConfigurationError) -> Int {
    guard case .scalar(let text, quoted: false) = node.content,
      let value = Int(text) ?? (roundsIntegers ? Self.rounded(text) : nil)
    else {
      throw .wrongKind(place, got: node.summary, expected: Self.expected(range))
    }
    guard range.contains(value) else {
      throw .outOfRange(place, got: text, expected: Self.expected(range))
    }
    return value
  }

  private static func rounded(_ text: String) -> Int? {
    YAMLNumber.double(text).flatMap { Int(exactly: $0.rounded()) }
  }

  private static func double(
    _ node: YAMLNode, at place: ConfigurationError.Place, in range: ClosedRange<Double>
  ) throws(ConfigurationError) -> Double {
    guard case .scalar(let text, quoted: false) = node.content,
      let value = YAMLNumber.double(text)
    else {
      throw .wrongKind(place, got: node.summary, expected: expected(range))
    }
    guard value.isFinite, range.contains(value) else {
      throw .outOfRange(place, got: text, expected: expected(range))
    }
    return value
  }

  private static func bool(_ node: YAMLNode, at place: ConfigurationError.Place)
    throws(ConfigurationError) -> Bool
  {
    guard case .scalar(let text, quoted: false) = node.content, let value = Bool(text) else {
      throw .wrongKind(place, got: node.summary, expected: "true or false")
    }
    return value
  }

  private static func expected(_ range: ClosedRange<Int>) -> String {
    switch (range.lowerBound == .min, range.upperBound == .max) {
    case (true, true): "an integer"
    case (true, false): "an integer up to \(range.upperBound)"
    case (false, true): "an integer from \(range.lowerBound) up"
    case (false, false): "an integer from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  private static func expected(_ range: ClosedRange<Double>) -> String {
    let low = YAMLNumber.text(range.lowerBound)
    let high = YAMLNumber.text(range.upperBound)
    let boundless = Double.greatestFiniteMagnitude
    switch (range.lowerBound <= -boundless, range.upperBound >= boundless) {
    case (true, true): return "a finite number"
    case (true, false): return "a number up to \(high)"
    case (false, true): return "a finite number from \(low) up"
    case (false, false): return "a number from \(low) to \(high)"
    }
  }
}

/// Numbers as YAML writes them.
public enum YAMLNumber {
  /// The number that `text` writes (`.5`, `1e-3`, `.nan`, `-.inf`), or nil.
  public static func double(_ text: String) -> Double? {
    switch text.lowercased() {
    case ".nan": .nan
    case ".inf", "+.inf": .infinity
    case "-.inf": -.infinity
    default: text.contains("x") ? nil : Double(text)
    }
  }

  /// The shortest text that reads back as `value`; whole numbers without a fraction.
  public static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
