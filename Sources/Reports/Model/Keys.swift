internal import TensorCore

/// A method as the rows of a table name it.
package struct MethodKey: Hashable, Sendable {
  package let name: String
  package let options: String
  package let isGridPoint: Bool
  /// How it adapted, where an experiment runs the same method in several ways; else empty.
  package var variant = ""

  package var title: String {
    let details = [options, variant].filter { !$0.isEmpty }
    return details.isEmpty ? name : "\(name) (\(details.joined(separator: ", ")))"
  }

  /// The plain baseline that others are held against.
  package static let taskArithmetic = "task-arithmetic"
  /// Each task's own expert: a reference, as it is no single model.
  package static let individual = "individual"

  package var isReference: Bool { name == Self.individual }
}

/// Under which shift images were evaluated.
package struct DomainKey: Hashable, Sendable {
  package let corruption: String
  /// 0 for clean images and streams of several domains.
  package let severity: Double
  /// The stream's text where corruption and severity don't tell domains apart; else empty.
  package var stream = ""

  package static let cleanName = "clean"
  /// What `results.csv` calls a stream of several domains.
  package static let mixedName = "mixed"

  package var isClean: Bool { corruption == Self.cleanName }

  /// As streams name it: `fog-3`, `clean`.
  package var name: String {
    severity == 0 ? corruption : "\(corruption)-\(Severity.text(of: severity))"
  }

  /// For headings: words, not identifiers.
  package func title(withSeverity: Bool) -> String {
    let words = corruption.spaced
    let title = withSeverity && severity > 0 ? "\(words) \(Severity.text(of: severity))" : words
    if stream.isEmpty { return title }
    return corruption == Self.mixedName ? stream.spaced : "\(title) (\(stream.spaced))"
  }
}

extension String {
  /// An identifier as words.
  package var spaced: String { String(map { $0 == "_" ? " " : $0 }) }

  /// For file names and anchors: ASCII letters and digits, lower case, others become hyphens.
  package var slug: String {
    let words = lowercased().unicodeScalars.split { scalar in
      !(scalar.isASCII && scalar.properties.isAlphabetic) && !("0"..."9").contains(scalar)
    }
    let text = words.map { String(String.UnicodeScalarView($0)) }.joined(separator: "-")
    return text.isEmpty ? "x" : String(text.prefix(60))
  }
}
