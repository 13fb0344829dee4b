/// Spearman's rank correlation: Pearson's of the ranks.
public enum RankCorrelation {
  /// -1 to 1; nil for fewer than two pairs, or where one of the lists has one value only.
  ///
  /// - Precondition: as many `y` as `x`, none of them NaN.
  public static func spearman(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "pairs")
    let (xRanks, yRanks) = (doubledRanks(x), doubledRanks(y))
    // The mean rank is the same in both lists, ties or not.
    let mean = Double(x.count + 1) / 2
    var (covariance, xVariance, yVariance) = (0.0, 0.0, 0.0)
    for (xRank, yRank) in zip(xRanks, yRanks) {
      let (xDeviation, yDeviation) = (Double(xRank) / 2 - mean, Double(yRank) / 2 - mean)
      covariance += xDeviation * yDeviation
      xVariance += xDeviation * xDeviation
      yVariance += yDeviation * yDeviation
    }
    guard xVariance > 0, yVariance > 0 else { return nil }
    return covariance / (xVariance * yVariance).squareRoot()
  }

  /// The ranks of `values`, 1 for the least; equal values share the average of their ranks.
  public static func ranks(_ values: [Double]) -> [Double] {
    doubledRanks(values).map { Double($0) / 2 }
  }

  /// Twice the ranks, which are whole then. In 32 bits, as lists are as long as data sets.
  private static func doubledRanks(_ values: [Double]) -> [UInt32] {
    precondition(!values.contains { $0.isNaN }, "numbers that have an order")
    precondition(values.count < Int(UInt32.max) / 2, "ranks of 32 bits")
    var order = Array(0..<UInt32(values.count))
    order.sort { values[Int($0)] < values[Int($1)] }
    var ranks = [UInt32](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      let value = values[Int(order[start])]
      var end = start + 1
      while end < order.count, values[Int(order[end])] == value { end += 1 }
      for place in order[start..<end] { ranks[Int(place)] = UInt32(start + 1 + end) }
      start = end
    }
    return ranks
  }
}
