/// Spearman's rank correlation: Pearson's of the ranks.
public enum RankCorrelation {
  /// -1 to 1; nil for fewer than two pairs, or where one of the lists has one value only.
  ///
  /// - Precondition: as many `y` as `x`, none of them NaN.
  public static func spearman(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "pairs")
    let (xRanks, yRanks) = (ranks(x), ranks(y))
    // The mean rank is the same in both lists, ties or not.
    let mean = Double(x.count + 1) / 2
    var (covariance, xVariance, yVariance) = (0.0, 0.0, 0.0)
    for (xRank, yRank) in zip(xRanks, yRanks) {
      covariance += (xRank - mean) * (yRank - mean)
      xVariance += (xRank - mean) * (xRank - mean)
      yVariance += (yRank - mean) * (yRank - mean)
    }
    guard xVariance > 0, yVariance > 0 else { return nil }
    return covariance / (xVariance * yVariance).squareRoot()
  }

  /// The ranks of `values`, 1 for the least; equal values share the average of their ranks.
  public static func ranks(_ values: [Double]) -> [Double] {
    precondition(!values.contains { $0.isNaN }, "numbers that have an order")
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let rank = Double(start + 1 + end) / 2
      for place in start..<end { ranks[order[place]] = rank }
      start = end
    }
    return ranks
  }
}
