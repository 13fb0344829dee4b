internal import TensorCore

/// Percentile bootstrap intervals over images (Efron & Tibshirani, An Introduction to the Bootstrap,
/// 1993, chapter 13): how far a figure could have fallen with other images of the same kind.
///
/// For outcomes that are right or wrong nothing needs to be drawn: the number right in a resample of
/// n images is binomial, the difference of two methods on the same images trinomial. Their quantiles
/// are those of the *ideal* bootstrap, with infinitely many resamples, so `interval(ofAccuracy:of:)`
/// and `interval(ofDifference:)` are exact and have no seed. Means of other values, and averages
/// over several tasks, are resampled `resamples` times, by draws that are keyed by `seed`: the same
/// numbers give the same interval, whatever the threads or the machine.
public struct Bootstrap: Hashable, Sendable {
  /// The interval's share of the resamples, 0 to 1.
  public let level: Double
  /// How often is resampled where that is needed.
  public let resamples: Int
  public let seed: UInt64

  public static let standardResamples = 2000

  /// 95 %, 2,000 resamples.
  public init(level: Double = 0.95, resamples: Int = Bootstrap.standardResamples, seed: UInt64 = 0)
  {
    precondition(level > 0 && level < 1 && resamples > 0, "a level in 0...1, a resample at least")
    self.level = level
    self.resamples = resamples
    self.seed = seed
  }

  private var tail: Double { (1 - level) / 2 }

  // MARK: Right or wrong: exact

  /// The interval of an accuracy: the ends are the smallest shares at which the bootstrap's
  /// cumulative probability reaches (1 - level) / 2 and (1 + level) / 2.
  ///
  /// None or all right gives an interval of one point, as any bootstrap does.
  ///
  /// - Returns: shares, 0 to 1.
  public func interval(ofAccuracy correct: Int, of samples: Int) -> Interval {
    scaled(.binomial(trials: samples, successes: correct, of: samples), by: samples)
  }

  /// The interval of the difference of two accuracies on the same images, method minus baseline:
  /// images are resampled, each with both methods' outcomes.
  ///
  /// - Returns: differences of shares, -1 to 1.
  public func interval(ofDifference outcomes: PairedOutcomes) -> Interval {
    scaled(outcomes.resampledDifference, by: outcomes.samples)
  }

  private func scaled(_ distribution: LatticeDistribution, by samples: Int) -> Interval {
    Interval(
      low: Double(distribution.quantile(tail)) / Double(samples),
      high: Double(distribution.quantile(1 - tail)) / Double(samples))
  }

  // MARK: Averages over tasks: exact per task, drawn across tasks

  /// The interval of the plain average of several tasks' accuracies; the images of each task are
  /// resampled on their own.
  ///
  /// - Parameter tasks: the number right and the number of samples of each.
  /// - Returns: shares, 0 to 1.
  public func interval(ofAverage tasks: [(correct: Int, samples: Int)]) -> Interval {
    interval(
      ofAverage: tasks.map {
        (.binomial(trials: $0.samples, successes: $0.correct, of: $0.samples), $0.samples)
      })
  }

  /// The interval of the plain average of several tasks' differences.
  ///
  /// - Returns: differences of shares, -1 to 1.
  public func interval(ofAverageDifference tasks: [PairedOutcomes]) -> Interval {
    interval(ofAverage: tasks.map { ($0.resampledDifference, $0.samples) })
  }

  private func interval(ofAverage tasks: [(LatticeDistribution, samples: Int)]) -> Interval {
    precondition(!tasks.isEmpty, "a task at least")
    var random = KeyedRandom(seed: seed, "bootstrap", "average")
    let means = (0..<resamples).map { _ in
      tasks.reduce(0) { sum, task in
        sum + Double(task.0.quantile(random.uniform())) / Double(task.samples)
      } / Double(tasks.count)
    }
    return percentiles(of: means)
  }

  // MARK: Other values: drawn

  /// The interval of the mean of `values`, in their unit.
  public func interval(ofMean values: [Double]) -> Interval {
    precondition(!values.isEmpty, "a value at least")
    var random = KeyedRandom(seed: seed, "bootstrap", "mean")
    let means = (0..<resamples).map { _ in
      var sum = 0.0
      for _ in values { sum += values[random.integer(in: 0..<values.count)] }
      return sum / Double(values.count)
    }
    return percentiles(of: means)
  }

  private func percentiles(of values: [Double]) -> Interval {
    let sorted = values.sorted()
    return Interval(
      low: Quantile.interpolated(tail, ofSorted: sorted),
      high: Quantile.interpolated(1 - tail, ofSorted: sorted))
  }
}

/// Quantiles of a sample.
public enum Quantile {
  /// Linear between the two nearest order statistics (Hyndman & Fan 1996, type 7: NumPy's default).
  ///
  /// - Parameters:
  ///   - share: 0 (the least) to 1 (the largest).
  ///   - sorted: rising; not empty.
  public static func interpolated(_ share: Double, ofSorted sorted: [Double]) -> Double {
    precondition(!sorted.isEmpty && (0...1).contains(share), "a share of some values")
    let place = share * Double(sorted.count - 1)
    let lower = min(Int(place), sorted.count - 1)
    let upper = min(lower + 1, sorted.count - 1)
    return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
  }
}
