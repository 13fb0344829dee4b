/// Where the images of a stream come from: the clean data, or one corruption at one severity.
public struct Domain: Hashable, Sendable, CustomStringConvertible {
  /// The name that stands for "no corruption" in plans and results.
  public static let cleanName = "clean"
  public static let clean = Domain()

  /// A recipe's name; nil for the images as they are.
  public let corruption: String?
  /// 1 to 5; 0 for clean images.
  public let severity: Int

  private init() {
    corruption = nil
    severity = 0
  }

  /// - Parameters:
  ///   - corruption: a recipe's name.
  ///   - severity: 1 to 5.
  public init(corruption: String, severity: Int) {
    precondition((1...5).contains(severity), "severities are 1 to 5")
    self.corruption = corruption
    self.severity = severity
  }

  /// The corruption's name, or `clean`.
  public var name: String { corruption ?? Self.cleanName }

  /// As `gaussian_noise/3`, or `clean`.
  public var description: String { corruption.map { "\($0)/\(severity)" } ?? Self.cleanName }
}
