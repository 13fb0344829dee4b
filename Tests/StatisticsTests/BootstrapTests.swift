import Statistics
import TensorCore
import Testing

@Suite("Bootstrap")
struct BootstrapTests {
  private let goldens: StatisticsGoldens

  init() throws {
    goldens = try StatisticsGoldens.load()
  }

  @Test("An accuracy's interval is SciPy's percentile interval of 100,000 resamples, to one image")
  func accuracy() {
    for golden in goldens.accuracyIntervals {
      let interval = Bootstrap(level: golden.level)
        .interval(ofAccuracy: golden.correct, of: golden.samples)
      let image = 1 / Double(golden.samples) + 1e-12
      #expect(abs(interval.low - golden.interval[0]) <= image, "\(golden)")
      #expect(abs(interval.high - golden.interval[1]) <= image, "\(golden)")
    }
  }

  @Test("A difference's interval is SciPy's paired percentile interval, to one image")
  func difference() {
    for golden in goldens.differenceIntervals {
      let outcomes = PairedOutcomes(
        samples: golden.samples, onlyMethod: golden.onlyMethod, onlyBaseline: golden.onlyBaseline)
      let interval = Bootstrap().interval(ofDifference: outcomes)
      // With every image disputed a step is two images.
      let image = 2 / Double(golden.samples) + 1e-12
      #expect(abs(interval.low - golden.interval[0]) <= image, "\(golden)")
      #expect(abs(interval.high - golden.interval[1]) <= image, "\(golden)")
    }
  }

  @Test("The average over tasks is resampled within each task, as SciPy does")
  func average() {
    let interval = Bootstrap(resamples: 50_000).interval(ofAverage: [(70, 100), (120, 400)])
    #expect(abs(interval.low - goldens.averageInterval[0]) < 0.002)
    #expect(abs(interval.high - goldens.averageInterval[1]) < 0.002)
  }

  @Test("A mean's interval is SciPy's within the noise of resampling")
  func mean() {
    let golden = goldens.meanInterval
    let interval = Bootstrap(resamples: 50_000).interval(ofMean: golden.values)
    #expect(abs(interval.low - golden.interval[0]) < 0.01)
    #expect(abs(interval.high - golden.interval[1]) < 0.01)
  }

  @Test("What is drawn depends on the numbers and the seed, on nothing else")
  func reproducible() {
    let values = goldens.meanInterval.values
    #expect(Bootstrap().interval(ofMean: values) == Bootstrap().interval(ofMean: values))
    #expect(Bootstrap().interval(ofMean: values) != Bootstrap(seed: 1).interval(ofMean: values))
  }

  @Test("Drawing many resamples of images comes to the exact interval")
  func drawn() {
    var random = KeyedRandom(seed: 3, "outcomes")
    let (method, baseline) = (
      (0..<300).map { _ in random.uniform() < 0.7 }, (0..<300).map { _ in random.uniform() < 0.6 }
    )
    let outcomes = PairedOutcomes(method: OutcomeBits(method), baseline: OutcomeBits(baseline))
    let exact = Bootstrap().interval(ofDifference: outcomes)
    let drawn = Bootstrap(resamples: 50_000).interval(
      ofMean: zip(method, baseline).map { ($0 ? 1 : 0) - ($1 ? 1 : 0) })
    #expect(abs(exact.low - drawn.low) <= 1.01 / 300)
    #expect(abs(exact.high - drawn.high) <= 1.01 / 300)
    let averaged = Bootstrap(resamples: 50_000).interval(ofAverageDifference: [outcomes])
    #expect(abs(exact.low - averaged.low) <= 1.01 / 300)
    #expect(abs(exact.high - averaged.high) <= 1.01 / 300)
  }

  @Test("Unanimous outcomes have no width; a method and its mirror image mirror the interval")
  func extremes() {
    let bootstrap = Bootstrap()
    #expect(bootstrap.interval(ofAccuracy: 0, of: 50) == Interval(low: 0, high: 0))
    #expect(bootstrap.interval(ofAccuracy: 50, of: 50) == Interval(low: 1, high: 1))
    let same = PairedOutcomes(samples: 50, onlyMethod: 0, onlyBaseline: 0)
    #expect(bootstrap.interval(ofDifference: same) == Interval(low: 0, high: 0))
    for (plus, minus) in [(9_999, 1), (9_000, 3), (6_000, 1), (1, 5_000), (8, 0), (3_000, 7_000)] {
      let one = bootstrap.interval(
        ofDifference: PairedOutcomes(samples: 10_000, onlyMethod: plus, onlyBaseline: minus))
      let other = bootstrap.interval(
        ofDifference: PairedOutcomes(samples: 10_000, onlyMethod: minus, onlyBaseline: plus))
      let difference = Double(plus - minus) / 10_000
      #expect(one.contains(difference), "\(plus), \(minus): \(one)")
      #expect(abs(one.low + other.high) < 3e-4 && abs(one.high + other.low) < 3e-4)
      // The normal approximation is near at this size.
      let variance = (Double(plus + minus) / 10_000 - difference * difference) / 10_000
      #expect(abs(one.width - 2 * 1.96 * variance.squareRoot()) < 4e-4, "\(plus), \(minus): \(one)")
    }
  }

  @Test("Quantiles between order statistics are NumPy's")
  func quantiles() {
    // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 0.975, 1])
    let values: [Double] = [1, 2, 4, 8]
    let expected = [1, 1.3, 3, 7.7, 8]
    for (share, value) in zip([0, 0.1, 0.5, 0.975, 1], expected) {
      #expect(abs(Quantile.interpolated(share, ofSorted: values) - value) < 1e-12)
    }
    #expect(Quantile.interpolated(0.3, ofSorted: [5]) == 5)
  }
}
