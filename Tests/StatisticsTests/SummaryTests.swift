import Statistics
import Testing

@Suite("Summaries")
struct SummaryTests {
  private let goldens: StatisticsGoldens

  init() throws {
    goldens = try StatisticsGoldens.load()
  }

  @Test("Rank correlation is SciPy's, with ties and without")
  func spearman() throws {
    for golden in goldens.spearman {
      let rho = try #require(RankCorrelation.spearman(golden.x, golden.y))
      #expect(abs(rho - golden.rho) < 1e-12)
    }
  }

  @Test("Lists that do not fit into memory at once have the rank correlation of the formula")
  func longLists() throws {
    // No ties: 1 - 6 sum d^2 / (n (n^2 - 1)), Spearman 1904.
    let count = 50_021
    let x = (0..<count).map { Double($0 * 7919 % count) }
    let y = (0..<count).map { Double($0 * 104_729 % count) }
    let squares = zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let expected = 1 - 6 * squares / Double(count * (count * count - 1))
    let rho = try #require(RankCorrelation.spearman(x, y))
    #expect(abs(rho - expected) < 1e-12)
    // Many ties: two values each, of which the four pairs are counted.
    let ones = (0..<count).map { $0 % 3 == 0 ? 1.0 : 0 }
    let others = (0..<count).map { $0 % 4 == 0 ? 1.0 : 0 }
    let both = Double((count + 11) / 12)
    let (a, b, n) = (Double((count + 2) / 3), Double((count + 3) / 4), Double(count))
    let phi = (n * both - a * b) / (a * (n - a) * b * (n - b)).squareRoot()
    #expect(abs(try #require(RankCorrelation.spearman(ones, others)) - phi) < 1e-12)
  }

  @Test("A list without an order has no rank correlation")
  func constant() {
    #expect(RankCorrelation.spearman([1, 1, 1], [1, 2, 3]) == nil)
    #expect(RankCorrelation.spearman([1, 2, 3], [2, 2, 2]) == nil)
    #expect(RankCorrelation.spearman([1], [2]) == nil)
    #expect(RankCorrelation.spearman([], []) == nil)
  }

  @Test("The deviation over seeds is the sample's, NumPy's with ddof=1")
  func seeds() throws {
    let summary = try #require(MeanAndDeviation(goldens.seeds.values))
    #expect(abs(summary.mean - goldens.seeds.mean) < 1e-15)
    #expect(abs(summary.deviation! - goldens.seeds.deviation) < 1e-15)
    #expect(MeanAndDeviation([3])?.deviation == nil)
    #expect(MeanAndDeviation([]) == nil)
  }

  @Test("mCE and relative mCE are the paper's formulas; the baseline has 1")
  func corruptionError() throws {
    let golden = goldens.corruptionError
    let mean = try #require(CorruptionError.mean(golden.errors, baseline: golden.baseline))
    #expect(abs(mean - golden.mce) < 1e-12)
    let relative = try #require(
      CorruptionError.relativeMean(
        golden.errors, clean: golden.clean, baseline: golden.baseline,
        baselineClean: golden.baselineClean))
    #expect(abs(relative - golden.relativeMce) < 1e-12)
    #expect(abs(CorruptionError.mean(golden.baseline, baseline: golden.baseline)! - 1) < 1e-15)
  }

  @Test("A baseline without errors, or that a corruption does not hurt, gives no figure")
  func noUnit() {
    #expect(CorruptionError.mean([[0.5], [0.5]], baseline: [[0.5], [0]]) == nil)
    #expect(CorruptionError.mean([], baseline: []) == nil)
    #expect(
      CorruptionError.relative([0.5], clean: 0.1, baseline: [0.2], baselineClean: 0.2) == nil)
    #expect(
      CorruptionError.relative([0.5], clean: 0.1, baseline: [0.1], baselineClean: 0.2) == nil)
  }

  @Test("A gain counts the cells that both have, and those that fell")
  func gain() {
    let gain = Gain(of: [0.9, 0.5, nil, 0.75], over: [0.4, 0.75, 0.2, nil])
    #expect(gain.cells == 2 && gain.worse == 1)
    #expect(gain.mean == 0.125)
    #expect(Gain(of: [nil], over: [1]).mean == nil)
  }
}
