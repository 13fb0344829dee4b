internal import Configuration

/// A parameter's values at the five severities, and how it goes from one to the next.
///
/// Fractional severities follow CCC (Press et al. 2023, arXiv 2306.05401): numbers are interpolated
/// linearly, from the value that changes nothing at severity 0 to those of severities 1 to 5.
struct SeverityRow: Sendable {
  /// On which numbers are interpolated linearly.
  enum Scale: String, CaseIterable {
    case linear
    /// One divided by the number, as for the photon count of shot noise.
    case reciprocal
  }

  /// How a recipe's `interpolation` describes a row.
  struct Interpolation: Sendable {
    /// The value that changes nothing, for severities below 1.
    var identity: YAMLNode?
    var scale = Scale.linear
  }

  let name: String
  let line: Int
  /// One for each severity.
  let values: [YAMLNode]
  let interpolation: Interpolation

  /// The value at a severity above 0, up to 5; what is no number is taken from the severity below,
  /// or below 1 from severity 1.
  func value(at severity: Double, file: String, field: String) throws(ConfigurationError)
    -> YAMLNode
  {
    if let whole = Int(exactly: severity) { return values[whole - 1] }
    let lower = Int(severity)
    let above = values[lower]
    if lower == 0, interpolation.identity == nil, above.isNumeric {
      throw .invalid(
        ConfigurationError.Place(file: file, line: line, field: field),
        problem: "severity \(severity) is below 1, and the recipe does not say which value of "
          + "'\(name)' changes nothing",
        remedy: "give a severity from 1 up, or add `interpolation: {\(name): {identity: VALUE}}`")
    }
    let below = lower == 0 ? interpolation.identity ?? above : values[lower - 1]
    return mix(below, above, severity - Double(lower))
  }

  private func mix(_ below: YAMLNode, _ above: YAMLNode, _ weight: Double) -> YAMLNode {
    if below.content == above.content { return below }
    if case .sequence(let first) = below.content, case .sequence(let second) = above.content,
      first.count == second.count
    {
      let items = zip(first, second).map { mix($0, $1, weight) }
      return YAMLNode(.sequence(items), line: below.line)
    }
    guard let first = below.number, let second = above.number else { return below }
    let value =
      switch scale {
      case .linear: first + (second - first) * weight
      case .reciprocal: 1 / (1 / first + (1 / second - 1 / first) * weight)
      }
    return YAMLNode(.scalar(YAMLNumber.text(value), quoted: false), line: below.line)
  }

  private var scale: Scale { interpolation.scale }
}

extension YAMLNode {
  fileprivate var number: Double? {
    guard case .scalar(let text, quoted: false) = content else { return nil }
    return YAMLNumber.double(text)
  }

  /// A number or a list that holds one.
  var isNumeric: Bool {
    if case .sequence(let items) = content { return items.contains(where: \.isNumeric) }
    return number != nil
  }
}
