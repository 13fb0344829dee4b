public import TensorCore

/// Where the images of a stream come from: the clean data, or one corruption at one severity.
public struct Domain: Hashable, Sendable, CustomStringConvertible {
  /// The name that stands for "no corruption" in plans and results.
  public static let cleanName = "clean"
  public static let clean = Domain()

  /// A recipe's name; nil for the images as they are.
  public let corruption: String?
  /// Nil for clean images.
  public let severity: Severity?

  private init() {
    corruption = nil
    severity = nil
  }

  /// - Parameters:
  ///   - corruption: a recipe's name.
  ///   - severity: how strong it is.
  public init(corruption: String, severity: Severity) {
    self.corruption = corruption
    self.severity = severity
  }

  /// The corruption's name, or `clean`.
  public var name: String { corruption ?? Self.cleanName }

  /// As `gaussian_noise/3`, or `clean`.
  public var description: String {
    guard let corruption, let severity else { return Self.cleanName }
    return "\(corruption)/\(severity)"
  }

  /// As results name streams: `gaussian_noise-3`, or `clean`.
  public var text: String {
    guard let corruption, let severity else { return Self.cleanName }
    return "\(corruption)-\(severity)"
  }
}
