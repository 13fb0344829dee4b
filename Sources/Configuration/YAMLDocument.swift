internal import Inputs
internal import Yams

/// A value of a YAML text, with the line on which it stands.
public struct YAMLNode: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    public let key: String
    /// The line of the key, counted from 1.
    public let line: Int
    public var value: YAMLNode

    public init(key: String, line: Int, value: YAMLNode) {
      self.key = key
      self.line = line
      self.value = value
    }
  }

  public enum Content: Sendable, Hashable {
    /// A scalar as it is written; a quoted one is never a number, a truth value or null.
    case scalar(String, quoted: Bool)
    case sequence([YAMLNode])
    /// In the order of the text.
    case mapping([Entry])
  }

  public var content: Content
  /// Counted from 1.
  public let line: Int

  public init(_ content: Content, line: Int) {
    self.content = content
    self.line = line
  }

  /// Nothing, `~` or `null`.
  public var isNull: Bool {
    guard case .scalar(let text, quoted: false) = content else { return false }
    return ["", "~", "null"].contains(text)
  }

  /// The value of `key`, if this is a mapping that has it.
  public subscript(key: String) -> YAMLNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// What it is, for an error message: `'0.5'`, `a list of 3`, `nothing`.
  public var summary: String {
    switch content {
    case .scalar(let text, _): isNull ? "empty" : "'\(text)'"
    case .sequence(let items): "a list of \(items.count)"
    case .mapping(let entries): "a mapping of \(entries.count) keys"
    }
  }
}

/// A YAML file or text: one document, read into a tree that knows its lines.
public struct YAMLDocument: Sendable {
  /// The name that error messages show.
  public let file: String
  /// The document as it was written.
  public let text: String
  public let root: YAMLNode

  /// Reads the file at `path`.
  public init(contentsOf path: String) throws(ConfigurationError) {
    let text: String
    do {
      text = try InputFile.text(path, limit: .yamlBytes)
    } catch {
      throw .unreadable(file: path, reason: "\(error)")
    }
    try self.init(text: text, file: path)
  }

  /// - Parameters:
  ///   - text: one YAML document.
  ///   - file: the name that error messages show.
  public init(text: String, file: String) throws(ConfigurationError) {
    self.file = file
    self.text = text
    do {
      try YAMLAliases.check(text, file: file)
      guard let node = try Yams.compose(yaml: text) else {
        throw ConfigurationError.syntax(file: file, line: 1, reason: "the file is empty")
      }
      var conversion = YAMLConversion(file: file)
      root = try conversion.node(node)
    } catch let error as ConfigurationError {
      throw error
    } catch let error as YamlError {
      throw ConfigurationError(error, file: file)
    } catch {
      throw .syntax(file: file, line: 1, reason: "\(error)")
    }
  }

  /// A reader of the top-level mapping.
  public func reader() throws(ConfigurationError) -> ParameterReader {
    try ParameterReader(root, file: file)
  }
}

extension ConfigurationError {
  init(_ error: YamlError, file: String) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let reason = context.map { "\(problem) \($0.text)" } ?? problem
      self = .syntax(file: file, line: mark.line, reason: reason)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.map { "'\($0)'" }.joined(separator: ", ")
      self = .syntax(
        file: file, line: context.mark.line, reason: "the mapping has \(names) more than once")
    case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem),
      .representer(let problem):
      self = .syntax(file: file, line: 1, reason: problem)
    case .no, .memory, .dataCouldNotBeDecoded:
      self = .syntax(file: file, line: 1, reason: "\(error)")
    }
  }
}
