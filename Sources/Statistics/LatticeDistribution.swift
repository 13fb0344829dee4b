/// A distribution on the integers `first`, `first + step`, ...: the sum over a resample of outcomes
/// that are 0 or 1 (binomial), or -1, 0 or 1 (a difference of two of them).
///
/// The probabilities come from recurrences that add and multiply positive numbers only, so their
/// relative error stays below some 1e-12 for 10,000 trials, far out in the tails too.
struct LatticeDistribution {
  let first: Int
  let step: Int
  let probabilities: [Double]
  private let cumulative: [Double]

  /// - Parameter weights: proportional to the probabilities.
  private init(first: Int, step: Int = 1, weights: [Double]) {
    let total = weights.reduce(0, +)
    self.first = first
    self.step = step
    probabilities = weights.map { $0 / total }
    var sum = 0.0
    cumulative = probabilities.map {
      sum += $0
      return sum
    }
  }

  /// The smallest value whose cumulative probability is at least `share`.
  func quantile(_ share: Double) -> Int {
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] >= share { high = middle } else { low = middle + 1 }
    }
    return first + step * low
  }

  /// The number of successes in `trials` draws with replacement from a list of `of` outcomes of
  /// which `successes` are successes.
  ///
  /// - Parameter negligible: values less likely than the likeliest one times this are left out.
  static func binomial(
    trials: Int, successes: Int, of total: Int, negligible: Double = 1e-20
  ) -> LatticeDistribution {
    precondition(trials >= 0 && (0...total).contains(successes) && total > 0, "a share of a list")
    if successes == 0 || successes == total {
      return LatticeDistribution(first: successes == 0 ? 0 : trials, weights: [1])
    }
    // P(k + 1) / P(k) = (n - k) / (k + 1) * odds
    let odds = Double(successes) / Double(total - successes)
    let mode = min(trials, Int(Double(trials + 1) * Double(successes) / Double(total)))
    var (below, above) = ([Double](), [1.0])
    var weight = 1.0
    for k in stride(from: mode, to: 0, by: -1) {
      weight *= Double(k) / (Double(trials - k + 1) * odds)
      guard weight > negligible else { break }
      below.append(weight)
    }
    weight = 1
    for k in mode..<trials {
      weight *= Double(trials - k) / Double(k + 1) * odds
      guard weight > negligible else { break }
      above.append(weight)
    }
    return LatticeDistribution(first: mode - below.count, weights: below.reversed() + above)
  }

  /// The sum of `total` draws with replacement from a list of `total` numbers, `plus` of which are
  /// 1, `minus` -1 and the others 0.
  static func difference(plus: Int, minus: Int, of total: Int) -> LatticeDistribution {
    precondition(plus >= 0 && minus >= 0 && plus + minus <= total && total > 0, "parts of a list")
    if minus == 0 { return binomial(trials: total, successes: plus, of: total) }
    if plus == 0 {
      let mirrored = binomial(trials: total, successes: minus, of: total)
      return LatticeDistribution(
        first: -(mirrored.first + mirrored.probabilities.count - 1),
        weights: mirrored.probabilities.reversed())
    }
    if plus + minus == total {
      let pluses = binomial(trials: total, successes: plus, of: total)
      return LatticeDistribution(
        first: 2 * pluses.first - total, step: 2, weights: pluses.probabilities)
    }
    let lower = TrinomialHalf(low: minus, high: plus, of: total)
    let upper = TrinomialHalf(low: plus, high: minus, of: total)
    let mirrored = Array(upper.weights.reversed())
    // A half that became negligible before 0 has everything.
    guard lower.reachesMiddle else {
      return LatticeDistribution(first: lower.first - total, weights: lower.weights)
    }
    guard upper.reachesMiddle else {
      return LatticeDistribution(
        first: total - upper.first - mirrored.count + 1, weights: mirrored)
    }
    // Both end at 0, where the one that is larger there is made to agree with the other.
    let ratio = lower.weights.last! / mirrored[0]
    let (lowerScale, upperScale) = ratio > 1 ? (1 / ratio, 1) : (1, ratio)
    return LatticeDistribution(
      first: lower.first - total,
      weights: lower.weights.map { $0 * lowerScale }
        + mirrored.dropFirst().map { $0 * upperScale })
  }
}

/// Numbers proportional to the coefficients of `z^first ... z^n` of `(low + rest z + high z^2)^n`, `n`
/// the total, by Euler's recurrence for powers of a polynomial; up to `z^n` its terms are positive.
private struct TrinomialHalf {
  /// Coefficients below this times the largest one are left out.
  private static let negligible = 1e-40

  private(set) var first = 0
  private(set) var weights = [1.0]
  /// Whether the last weight is that of `z^n`, or so much smaller that it was left out.
  let reachesMiddle: Bool

  init(low: Int, high: Int, of total: Int) {
    let (a, b, c) = (Double(low), Double(total - low - high), Double(high))
    let n = Double(total)
    var (previous, current, largest) = (0.0, 1.0, 1.0)
    for index in 1...total {
      let k = Double(index)
      (previous, current) = (
        current, ((n - k + 1) * b * current + (2 * n - k + 2) * c * previous) / (k * a)
      )
      guard current > Self.negligible * largest else {
        reachesMiddle = false
        return
      }
      weights.append(current)
      largest = max(largest, current)
      // Long before an overflow: what is negligible goes, the rest gets smaller.
      guard current > 1e200 else { continue }
      let kept = weights.lastIndex { $0 < Self.negligible * current } ?? -1
      first += kept + 1
      weights.removeFirst(kept + 1)
      for place in weights.indices { weights[place] /= 1e200 }
      (previous, current, largest) = (previous / 1e200, current / 1e200, largest / 1e200)
    }
    reachesMiddle = true
  }
}
