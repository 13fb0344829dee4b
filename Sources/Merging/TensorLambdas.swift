internal import Configuration

/// Parts of a transformer whose tensors may have a weight of their own, told by their names.
public enum ParameterGroup: String, Sendable, CaseIterable {
  case attention, mlp, norm, embedding, projection

  /// The group of the tensor `name`, in the names of CLIP, `ViTModel` or `Dinov2Model`; what is in
  /// none of the others counts as projection.
  public init(of name: String) {
    func has(_ parts: String...) -> Bool { parts.contains { name.contains($0) } }
    self =
      if has("embed", "cls_token") {
        .embedding
      } else if has("norm", "layer_scale") {
        .norm
      } else if has("attn", "attention") {
        .attention
      } else if has("mlp", "intermediate", "output.dense") {
        .mlp
      } else {
        .projection
      }
  }
}

/// Lambdas of tensors by group or by a pattern of their names, in which `*` stands for any text. A
/// pattern goes before a group, a later pattern before an earlier one.
public struct TensorLambdas: Sendable, Equatable {
  public let groups: [ParameterGroup: Double]
  public let patterns: [(pattern: String, lambda: Double)]

  public init(
    groups: [ParameterGroup: Double] = [:], patterns: [(pattern: String, lambda: Double)] = []
  ) {
    self.groups = groups
    self.patterns = patterns
  }

  public var isEmpty: Bool { groups.isEmpty && patterns.isEmpty }

  public static func == (left: Self, right: Self) -> Bool {
    left.groups == right.groups
      && left.patterns.map(\.pattern) == right.patterns.map(\.pattern)
      && left.patterns.map(\.lambda) == right.patterns.map(\.lambda)
  }

  /// The options of a plan, for help.
  static let optionNames =
    ParameterGroup.allCases.map { "lambda_\($0.rawValue)" }.joined(separator: ", ")
    + ", lambdas {PATTERN: VALUE}"

  /// Reads `lambda_attention` and the like, and `lambdas`, a mapping of patterns.
  init(_ options: inout ParameterReader) throws(ConfigurationError) {
    var groups: [ParameterGroup: Double] = [:]
    for group in ParameterGroup.allCases where options.has("lambda_\(group.rawValue)") {
      groups[group] = try options.double("lambda_\(group.rawValue)", in: -10...10)
    }
    var patterns: [(pattern: String, lambda: Double)] = []
    if var reader = try options.optionalReader("lambdas") {
      for key in reader.keys { patterns.append((key, try reader.double(key, in: -10...10))) }
    }
    self.init(groups: groups, patterns: patterns)
  }

  /// A lambda for each of `layers`.
  ///
  /// - Throws: `unsuitableCoefficients` if a pattern fits none of them.
  func values(of layers: [String], default lambda: Double) throws(MergingError) -> [Double] {
    for (pattern, _) in patterns where !layers.contains(where: { Self.fits($0, pattern) }) {
      throw .unsuitableCoefficients(
        reason: "no tensor fits the pattern '\(pattern)' of lambdas; there are "
          + layers.prefix(3).joined(separator: ", ") + " and others: '*' stands for any text")
    }
    return layers.map { layer in
      patterns.last { Self.fits(layer, $0.pattern) }?.lambda
        ?? groups[ParameterGroup(of: layer)] ?? lambda
    }
  }

  /// Whether all of `name` is `pattern`, in which `*` stands for any text.
  private static func fits(_ name: String, _ pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return name == pattern }
    var rest = name[...]
    guard rest.hasPrefix(parts[0]) else { return false }
    rest = rest.dropFirst(parts[0].count)
    for part in parts[1..<parts.count - 1] {
      guard !part.isEmpty else { continue }
      guard let place = rest.firstRange(of: part) else { return false }
      rest = rest[place.upperBound...]
    }
    return rest.hasSuffix(parts.last!)
  }
}
