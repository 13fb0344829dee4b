/// How two methods did on the same samples: the four counts of right and wrong.
public struct PairedOutcomes: Hashable, Sendable {
  public let samples: Int
  /// Right in the method, wrong in the baseline.
  public let onlyMethod: Int
  /// Right in the baseline, wrong in the method.
  public let onlyBaseline: Int

  /// - Parameters:
  ///   - samples: more than 0.
  ///   - onlyMethod: those that the method alone has right.
  ///   - onlyBaseline: those that the baseline alone has right.
  public init(samples: Int, onlyMethod: Int, onlyBaseline: Int) {
    precondition(
      samples > 0 && onlyMethod >= 0 && onlyBaseline >= 0 && onlyMethod + onlyBaseline <= samples,
      "counts of one list of samples")
    self.samples = samples
    self.onlyMethod = onlyMethod
    self.onlyBaseline = onlyBaseline
  }

  /// - Precondition: the outcomes of the same samples in the same order, one at least.
  public init(method: OutcomeBits, baseline: OutcomeBits) {
    let both = method.correctInBoth(baseline)
    self.init(
      samples: method.count, onlyMethod: method.correct - both,
      onlyBaseline: baseline.correct - both)
  }

  /// The method's accuracy minus the baseline's, -1 to 1.
  public var difference: Double { Double(onlyMethod - onlyBaseline) / Double(samples) }

  /// The distribution of `samples` times the difference over bootstrap resamples.
  var resampledDifference: LatticeDistribution {
    .difference(plus: onlyMethod, minus: onlyBaseline, of: samples)
  }
}

/// McNemar's test of whether two methods are right equally often, from the samples on which they
/// disagree (McNemar, Psychometrika 12, 1947); two-sided.
public enum McNemarTest {
  /// The exact test: under the hypothesis each disagreement falls to either method with probability
  /// 1/2, so the smaller count of the two is binomial and
  ///
  ///     p = min(1, 2 P(X <= min(b, c))),  X ~ Binomial(b + c, 1/2).
  ///
  /// - Returns: 0 to 1; 1 without disagreements. Below 1e-300 it may be 0.
  public static func exactP(_ outcomes: PairedOutcomes) -> Double {
    min(1, 2 * tail(outcomes).sum)
  }

  /// The mid-p variant, less conservative: `p - P(X = min(b, c))` (Fagerland, Lydersen & Laake, BMC
  /// Medical Research Methodology 13, 2013).
  public static func midP(_ outcomes: PairedOutcomes) -> Double {
    let tail = tail(outcomes)
    return outcomes.onlyMethod == outcomes.onlyBaseline ? 1 - tail.last : 2 * tail.sum - tail.last
  }

  /// `P(X <= min(b, c))` and `P(X = min(b, c))`.
  private static func tail(_ outcomes: PairedOutcomes) -> (sum: Double, last: Double) {
    let smaller = min(outcomes.onlyMethod, outcomes.onlyBaseline)
    let distribution = LatticeDistribution.binomial(
      trials: outcomes.onlyMethod + outcomes.onlyBaseline, successes: 1, of: 2, negligible: 0)
    let places = smaller - distribution.first
    guard places >= 0 else { return (0, 0) }
    // The smallest first, so that none is lost.
    let sum = distribution.probabilities[...places].reduce(0, +)
    return (sum, distribution.probabilities[places])
  }
}
