internal import TensorCore

/// Spearman's rank correlation: Pearson's of the ranks.
public enum RankCorrelation {
  private struct Pair: BitwiseCopyable {
    var value: Double
    /// What goes with it.
    var other: Double
  }

  /// -1 to 1; nil for fewer than two pairs, or where one of the lists has one value only. Equal values share
  /// the average of their ranks. Lists may be as long as data sets: they are sorted in a file.
  ///
  /// - Precondition: as many `y` as `x`, none of them NaN.
  public static func spearman(
    _ x: some Collection<Double>, _ y: some Collection<Double>
  ) -> Double? {
    precondition(x.count == y.count, "pairs")
    // The mean rank is the same in both lists, ties or not.
    let mean = Double(x.count + 1)
    var (covariance, xVariance, yVariance) = (0.0, 0.0, 0.0)
    let pairs = PagedArray(zip(x, y).lazy.map { Pair(value: $0, other: $1) })
    var withRanks = PagedArray<Pair>()
    forEachRank(pairs) { withRanks.append(Pair(value: $1, other: $0)) }
    // Twice the ranks are whole, so that sums do not depend on the order.
    forEachRank(withRanks) { yRank, xRank in
      let (xDeviation, yDeviation) = (xRank - mean, yRank - mean)
      covariance += xDeviation * yDeviation
      xVariance += xDeviation * xDeviation
      yVariance += yDeviation * yDeviation
    }
    guard xVariance > 0, yVariance > 0 else { return nil }
    return covariance / (xVariance * yVariance).squareRoot()
  }

  /// Twice the rank of each value, 1 for the least, with what goes with the value; by rank.
  private static func forEachRank(
    _ pairs: PagedArray<Pair>, _ body: (_ doubledRank: Double, _ other: Double) -> Void
  ) {
    let sorted = pairs.sorted { first, second in
      precondition(!first.value.isNaN && !second.value.isNaN, "numbers that have an order")
      return first.value < second.value
    }
    var ahead = sorted.makeIterator()
    var members = sorted.makeIterator()
    var next = ahead.next()
    var start = 0
    while let first = next {
      var end = start
      while let pair = next, pair.value == first.value {
        end += 1
        next = ahead.next()
      }
      for _ in start..<end { body(Double(start + 1 + end), members.next()!.other) }
      start = end
    }
  }
}
