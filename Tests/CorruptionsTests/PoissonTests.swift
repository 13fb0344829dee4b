import Corruptions
import Foundation
import TensorCore
import Testing

@Suite("Poisson draws")
struct PoissonTests {
  private static let means = [0.02, 0.7, 3, 9.99, 10, 24.5, 118, 5000]

  private func poissons(_ random: inout some CorruptionRandom, _ means: [Double]) -> [Double] {
    var counts = means
    random.drawPoissons(means: &counts)
    return counts
  }

  /// The mean and the variance of `count` draws.
  private func moments(
    _ mean: Double, count: Int, _ random: inout some CorruptionRandom
  ) -> (mean: Double, variance: Double) {
    let draws = poissons(&random, [Double](repeating: mean, count: count))
    #expect(draws.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
    let average = draws.reduce(0, +) / Double(count)
    let square = draws.reduce(0) { $0 + ($1 - average) * ($1 - average) }
    return (average, square / Double(count - 1))
  }

  @Test("Mean and variance are the mean asked for, from both sources", arguments: means)
  func moments(mean: Double) {
    let count = 100_000
    var keyed = KeyedRandom(seed: 1, "\(mean)")
    var numpy = NumPyRandom(seed: 1)
    for result in [moments(mean, count: count, &keyed), moments(mean, count: count, &numpy)] {
      // Five standard errors of the mean; those of the variance are below (2 + 1 / mean)^0.5 of it.
      #expect(abs(result.mean - mean) < 5 * (mean / Double(count)).squareRoot())
      let error = mean * ((2 + 1 / mean) / Double(count)).squareRoot()
      #expect(abs(result.variance - mean) < 5 * error)
    }
  }

  @Test("Small counts come as often as the distribution says")
  func frequencies() {
    var random = KeyedRandom(seed: 2, "x")
    let draws = poissons(&random, [Double](repeating: 2, count: 200_000))
    var probability = exp(-2.0)
    for count in 0..<8 {
      let share = Double(draws.count { $0 == Double(count) }) / 200_000
      #expect(abs(share - probability) < 5 * (probability / 200_000).squareRoot())
      probability *= 2 / Double(count + 1)
    }
  }

  @Test("A mean of 0 gives 0, and takes no draw of NumPy's")
  func zero() {
    var keyed = KeyedRandom(seed: 3, "x")
    #expect(poissons(&keyed, [0, 0]) == [0, 0])
    var (first, second) = (NumPyRandom(seed: 3), NumPyRandom(seed: 3))
    #expect(poissons(&first, [0, 0]) == [0, 0])
    #expect(first.uniform() == second.uniform())
  }

  @Test("More means than are kept at a time are drawn all the same")
  func manyMeans() {
    var random = KeyedRandom(seed: 4, "x")
    let means = (1...10_000).map { Double($0) / 400 }
    let draws = poissons(&random, means)
    let deviations = zip(draws, means).map { ($0 - $1) / $1.squareRoot() }
    let square = deviations.reduce(0) { $0 + $1 * $1 } / 10_000
    #expect(abs(square - 1) < 0.1)
  }
}
