/// What is wrong with a configuration file: a recipe, a plan.
///
/// Its text is one line, `file:line: field: what is wrong; what would be right`, or several of them.
public indirect enum ConfigurationError: Error, Equatable, Sendable {
  /// Where a value stands.
  public struct Place: Hashable, Sendable, CustomStringConvertible {
    public let file: String
    /// Counted from 1.
    public let line: Int
    /// The keys and indices that lead to the value, as `pipeline[0].sigma`; empty at the top.
    public let field: String

    public init(file: String, line: Int, field: String) {
      self.file = file
      self.line = line
      self.field = field
    }

    public var description: String {
      field.isEmpty ? "\(file):\(line)" : "\(file):\(line): \(field)"
    }
  }

  /// The file can't be read at all.
  case unreadable(file: String, reason: String)
  /// The text is not YAML.
  case syntax(file: String, line: Int, reason: String)
  /// A key that nothing asks for.
  case unknownKey(Place, key: String, nearest: String?, known: [String])
  /// A key that is needed and not there.
  case missing(Place, expected: String)
  /// A value of another kind than the one needed.
  case wrongKind(Place, got: String, expected: String)
  /// A number beyond the ends of its range.
  case outOfRange(Place, got: String, expected: String)
  /// A name that is none of the possible ones.
  case unknownChoice(Place, got: String, nearest: String?, choices: [String])
  /// A value that is well-formed and still can't be used.
  case invalid(Place, problem: String, remedy: String)
  /// Several things at once.
  case several([ConfigurationError])

  /// All of `errors` as one; nil if there is none.
  public static func joined(_ errors: [ConfigurationError]) -> ConfigurationError? {
    errors.count > 1 ? .several(errors) : errors.first
  }

  /// An unknown name, with the nearest of the possible ones worked out.
  public static func unknown(_ name: String, at place: Place, choices: [String])
    -> ConfigurationError
  {
    .unknownChoice(
      place, got: name, nearest: Spelling.nearest(to: name, in: choices), choices: choices)
  }
}

extension ConfigurationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file): can't be read: \(reason)"
    case .syntax(let file, let line, let reason):
      "\(file):\(line): not valid YAML: \(reason)"
    case .unknownKey(let place, let key, let nearest, let known):
      "\(place): unknown key '\(key)'; \(Self.advice(nearest, known, noun: "known keys"))"
    case .missing(let place, let expected):
      "\(place): is missing; it must be \(expected)"
    case .wrongKind(let place, let got, let expected),
      .outOfRange(let place, let got, let expected):
      "\(place): is \(got); it must be \(expected)"
    case .unknownChoice(let place, let got, let nearest, let choices):
      "\(place): unknown name '\(got)'; \(Self.advice(nearest, choices, noun: "possible names"))"
    case .invalid(let place, let problem, let remedy):
      "\(place): \(problem); \(remedy)"
    case .several(let errors):
      errors.map(\.description).joined(separator: "\n")
    }
  }

  private static func advice(_ nearest: String?, _ known: [String], noun: String) -> String {
    if let nearest { return "did you mean '\(nearest)'?" }
    return known.isEmpty ? "none is known here" : "\(noun): \(known.joined(separator: ", "))"
  }
}
