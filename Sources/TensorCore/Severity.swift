/// How strong a corruption is: 1 to 5 as the published data sets have it, or between them.
public struct Severity: Hashable, Comparable, Sendable {
  /// Above 0 and up to 5.
  public static let range = Double.leastNonzeroMagnitude...5

  public let value: Double

  /// - Parameter value: nil is given back unless it is above 0 and at most 5.
  public init?(validating value: Double) {
    guard Self.range.contains(value) else { return nil }
    self.value = value
  }

  public static func < (left: Severity, right: Severity) -> Bool { left.value < right.value }
}

extension Severity: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  public init(integerLiteral value: Int) { self.init(floatLiteral: Double(value)) }

  public init(floatLiteral value: Double) {
    precondition(Self.range.contains(value), "severities are above 0 and at most 5")
    self.value = value
  }
}

extension Severity: CustomStringConvertible {
  /// As keys, folders and tables write it: `3`, `2.5`.
  public var description: String { Self.text(of: value) }

  /// The same for severities that may be 0, of clean images.
  public static func text(of value: Double) -> String {
    Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }
}
