import Reports
import Testing

@Suite("Means and their intervals")
struct EstimateTests {
  @Test("Over tasks: the mean, and distances combined as of independent means")
  func tasks() throws {
    let mean = try #require(
      Estimate.mean(independent: [
        Estimate(0.5, low: 0.4, high: 0.58), Estimate(0.7, low: 0.675, high: 0.76),
      ]))
    #expect(abs(mean.value - 0.6) < 1e-12)
    // sqrt(0.1^2 + 0.025^2) / 2 and sqrt(0.08^2 + 0.06^2) / 2
    #expect(abs(mean.low! - (0.6 - 0.010625.squareRoot() / 2)) < 1e-12)
    #expect(abs(mean.high! - 0.65) < 1e-12)
  }

  @Test("Over tasks: no interval unless each has one; nothing of nothing")
  func missing() {
    let mean = Estimate.mean(independent: [Estimate(0.5, low: 0.4, high: 0.6), Estimate(0.7)])
    #expect(mean?.value == 0.6 && mean?.low == nil && mean?.high == nil)
    #expect(Estimate.mean(independent: []) == nil && Estimate.mean(overSeeds: []) == nil)
  }

  @Test("Over seeds: ends are averaged, the deviation has n - 1 below it")
  func seeds() throws {
    let mean = try #require(
      Estimate.mean(overSeeds: [
        Estimate(0.2, low: 0.1, high: 0.3), Estimate(0.4, low: 0.2, high: 0.6),
        Estimate(0.6, low: 0.6, high: 0.6),
      ]))
    #expect(abs(mean.value - 0.4) < 1e-12 && abs(mean.deviation! - 0.2) < 1e-12)
    #expect(abs(mean.low! - 0.3) < 1e-12 && abs(mean.high! - 0.5) < 1e-12 && mean.seeds == 3)
    #expect(Estimate.mean(overSeeds: [Estimate(0.2)])?.deviation == nil)
  }

  @Test("Of a difference: the far ends combine")
  func difference() {
    let result = Estimate.difference(
      Estimate(0.8, low: 0.77, high: 0.88), Estimate(0.5, low: 0.44, high: 0.54))
    #expect(abs(result.value - 0.3) < 1e-12)
    #expect(abs(result.low! - (0.3 - 0.05)) < 1e-12 && abs(result.high! - (0.3 + 0.1)) < 1e-12)
    #expect(Estimate.difference(Estimate(0.8), Estimate(0.5, low: 0, high: 1)).low == nil)
  }

  @Test("Texts: percent with one decimal, no minus before zero")
  func texts() {
    let estimate = {
      var estimate = Estimate(0.7236, low: 0.7, high: 0.7449)
      estimate.deviation = 0.0031
      return estimate
    }()
    #expect(NumberText.estimate(estimate) == "72.4 ± 0.3 [70.0, 74.5]")
    #expect(
      NumberText.signedPercent(-0.0123) == "−1.2" && NumberText.signedPercent(0.016) == "+1.6")
    #expect(NumberText.signedPercent(-0.0001) == "0.0" && NumberText.percent(-0.0001) == "0.0")
    #expect(NumberText.pValue(0.00001) == "<0.001" && NumberText.short(3) == "3")
  }
}
