/// Lists, and mappings in mappings.
extension ParameterReader {
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

  // MARK: Elements

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
}
