/// The two ends of a confidence interval, `low <= high`, in the unit of what was estimated.
public struct Interval: Hashable, Sendable, Codable {
  public let low: Double
  public let high: Double

  public init(low: Double, high: Double) {
    precondition(low <= high, "the lower end first")
    self.low = low
    self.high = high
  }

  public var width: Double { high - low }
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}
