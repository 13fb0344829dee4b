internal import Foundation

/// NumPy's legacy Poisson draws.
extension NumPyRandom {
  /// `poisson(means)`: products of uniforms below a mean of 10, from there on Hormann's transformed
  /// rejection (PTRS, Insurance: Mathematics and Economics 12, 1993).
  public mutating func drawPoissons(means: inout [Double]) {
    for index in means.indices {
      let mean = means[index]
      if mean >= 10 {
        means[index] = rejectedPoisson(mean)
      } else if mean > 0 {
        means[index] = multipliedPoisson(mean)
      }
    }
  }

  private mutating func multipliedPoisson(_ mean: Double) -> Double {
    let limit = exp(-mean)
    var product = uniform()
    var count = 0.0
    while product > limit {
      product *= uniform()
      count += 1
    }
    return count
  }

  private mutating func rejectedPoisson(_ mean: Double) -> Double {
    let logMean = log(mean)
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let limit = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = uniform() - 0.5
      let v = uniform()
      let us = 0.5 - abs(u)
      let count = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
      if us >= 0.07 && v <= limit { return count }
      if count < 0 || (us < 0.013 && v > us) { continue }
      let density = log(v) + log(inverseAlpha) - log(a / (us * us) + b)
      if density <= -mean + count * logMean - Self.logGamma(count + 1) { return count }
    }
  }

  /// NumPy's `loggam`: Stirling's series of ten terms, shifted above 7.
  private static func logGamma(_ x: Double) -> Double {
    if x == 1 || x == 2 { return 0 }
    let series = [
      8.333333333333333e-02, -2.777777777777778e-03, 7.936507936507937e-04,
      -5.952380952380952e-04, 8.417508417508418e-04, -1.917526917526918e-03,
      6.410256410256410e-03, -2.955065359477124e-02, 1.796443723688307e-01,
      -1.39243221690590e+00,
    ]
    let shift = x < 7 ? Int(7 - x) : 0
    var shifted = x + Double(shift)
    let square = (1 / shifted) * (1 / shifted)
    var sum = series[9]
    for coefficient in series[..<9].reversed() {
      sum *= square
      sum += coefficient
    }
    let logTwoPi = 1.8378770664093453
    var result = sum / shifted + 0.5 * logTwoPi + (shifted - 0.5) * log(shifted) - shifted
    for _ in 0..<shift {
      result -= log(shifted - 1)
      shifted -= 1
    }
    return result
  }
}
