internal import Inputs
internal import Yams

/// Makes a tree of our own from that of the parser, in which an alias shares what it stands for: a
/// text of some lines may stand for more values than memory holds, so they are counted.
struct YAMLConversion {
  let file: String
  private let depthLimit = Limit.yamlDepth.value
  private let valueLimit = Limit.yamlValues.value
  private var count = 0

  init(file: String) {
    self.file = file
  }

  /// - Throws: `syntax` for nesting or a number of values above the limits, and for keys that are no
  ///   words.
  mutating func node(_ node: Yams.Node, depth: Int = 0) throws(ConfigurationError) -> YAMLNode {
    let line = node.mark?.line ?? 1
    count += 1
    guard count <= valueLimit else {
      throw .syntax(
        file: file, line: line,
        reason: "with its aliases it has more values than the limit "
          + "\(Limit.yamlValues.rawValue), \(valueLimit)")
    }
    guard depth < depthLimit else {
      throw .syntax(
        file: file, line: line,
        reason: "nested deeper than the limit \(Limit.yamlDepth.rawValue), \(depthLimit)")
    }
    switch node {
    case .scalar(let scalar):
      return YAMLNode(.scalar(scalar.string, quoted: scalar.style != .plain), line: line)
    case .sequence(let sequence):
      var items: [YAMLNode] = []
      for item in sequence { items.append(try self.node(item, depth: depth + 1)) }
      return YAMLNode(.sequence(items), line: line)
    case .mapping(let mapping):
      var entries: [YAMLNode.Entry] = []
      for (key, value) in mapping {
        let keyLine = key.mark?.line ?? line
        guard let name = key.scalar?.string else { throw Self.keyError(file, line: keyLine) }
        entries.append(
          YAMLNode.Entry(key: name, line: keyLine, value: try self.node(value, depth: depth + 1)))
      }
      return YAMLNode(.mapping(entries), line: line)
    case .alias:
      throw .syntax(file: file, line: line, reason: "aliases (*name) are not supported")
    }
  }

  static func keyError(_ file: String, line: Int) -> ConfigurationError {
    .syntax(file: file, line: line, reason: "a key must be a plain word")
  }
}

/// Keeps aliases out of keys. The parser compares the keys of a mapping by all that is in them: one
/// that is an alias of an alias of aliases takes it longer than anyone waits.
enum YAMLAliases {
  /// Stands for the star of an alias: a letter of nobody's, so that the alias becomes a plain word.
  private static let mark: Unicode.Scalar = "\u{E000}"

  /// - Throws: `ConfigurationError.syntax` for a key that is an alias or no word; errors of the
  ///   parser.
  static func check(_ text: String, file: String) throws {
    guard text.utf8.contains(UInt8(ascii: "*")) else { return }
    let plain = String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0 == "*" ? mark : $0 }))
    guard let root = try Yams.compose(yaml: plain) else { return }
    try check(root, file: file)
  }

  private static func check(_ node: Yams.Node, file: String) throws(ConfigurationError) {
    switch node {
    case .scalar, .alias: break
    case .sequence(let sequence):
      for item in sequence { try check(item, file: file) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        guard let scalar = key.scalar,
          scalar.style != .plain || scalar.string.unicodeScalars.first != mark
        else {
          throw YAMLConversion.keyError(file, line: key.mark?.line ?? node.mark?.line ?? 1)
        }
        try check(value, file: file)
      }
    }
  }
}
