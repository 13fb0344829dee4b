internal import Foundation

extension NumPyRandom {
  /// `poisson(means)`: products of uniforms for means below 10, else transformed rejection (PTRS,
  /// Hoermann 1993).
  public mutating func poissons(_ means: [Double]) -> [Double] {
    means.map { mean in
      if mean >= 10 { return rejected(mean) }
      return mean > 0 ? multiplied(mean) : 0
    }
  }

  private mutating func multiplied(_ mean: Double) -> Double {
    let bound = exp(-mean)
    var count = 0.0
    var product = uniform()
    while product > bound {
      count += 1
      product *= uniform()
    }
    return count
  }

  private mutating func rejected(_ mean: Double) -> Double {
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let quick = 0.9277 - 3.6224 / (b - 2)
    while true {
      let u = uniform() - 0.5
      let v = uniform()
      let edge = 0.5 - abs(u)
      let count = ((2 * a / edge + b) * u + mean + 0.43).rounded(.down)
      if edge >= 0.07, v <= quick { return count }
      if count < 0 || (edge < 0.013 && v > edge) { continue }
      let proposal = log(v) + log(inverseAlpha) - log(a / (edge * edge) + b)
      if proposal <= -mean + count * log(mean) - logGamma(count + 1) { return count }
    }
  }
}
