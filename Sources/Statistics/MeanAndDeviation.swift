/// The mean of some values, over seeds say, and how far they spread.
public struct MeanAndDeviation: Hashable, Sendable {
  public let count: Int
  public let mean: Double
  /// The sample standard deviation, `sqrt(sum (x - mean)^2 / (n - 1))`; nil for one value.
  public let deviation: Double?

  /// Nil of no values.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviation =
      values.count < 2
      ? nil
      : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
        .squareRoot()
  }
}
