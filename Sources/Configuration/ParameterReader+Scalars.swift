/// What a node of YAML says, as a value of a type; errors name the place and what would be right.
extension ParameterReader {
  static func text(_ node: YAMLNode, at place: ConfigurationError.Place)
    throws(ConfigurationError) -> String
  {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      throw .wrongKind(place, got: node.summary, expected: "a text")
    }
    return text
  }

  static func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ node: YAMLNode, at place: ConfigurationError.Place
  ) throws(ConfigurationError) -> Choice {
    let name = try Self.text(node, at: place)
    guard let choice = Choice(rawValue: name) else {
      throw .unknown(name, at: place, choices: Choice.allCases.map(\.rawValue))
    }
    return choice
  }

  func int(
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

  static func double(
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

  static func bool(_ node: YAMLNode, at place: ConfigurationError.Place)
    throws(ConfigurationError) -> Bool
  {
    guard case .scalar(let text, quoted: false) = node.content, let value = Bool(text) else {
      throw .wrongKind(place, got: node.summary, expected: "true or false")
    }
    return value
  }

  static func expected(_ range: ClosedRange<Int>) -> String {
    switch (range.lowerBound == .min, range.upperBound == .max) {
    case (true, true): "an integer"
    case (true, false): "an integer up to \(range.upperBound)"
    case (false, true): "an integer from \(range.lowerBound) up"
    case (false, false): "an integer from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  static func expected(_ range: ClosedRange<Double>) -> String {
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
