internal import Foundation
package import TensorCore

/// How the classes of a stream's images follow one another.
public enum LabelOrder: Hashable, Sendable {
  /// Classes come at random.
  case shuffled
  /// One class after another, in an order drawn at random.
  case sorted
  /// Correlated in time: of each class, a share drawn from a Dirichlet distribution with
  /// concentration `delta` comes in each of as many stretches as there are classes; within a stretch
  /// images are shuffled. Near 0 a class comes all at once, for large values the order is as good as
  /// shuffled (the label shift of LAME, Boudiaf et al., CVPR 2022, and NOTE, Gong et al., NeurIPS
  /// 2022).
  case correlated(delta: Double)

  /// As results write it; empty for shuffled streams.
  public var text: String {
    switch self {
    case .shuffled: ""
    case .sorted: "sorted"
    case .correlated(let delta): "dirichlet=\(delta)"
    }
  }

  /// The indices `pool` in this order; nil for shuffled, which a stream draws anew at each pass.
  ///
  /// - Parameters:
  ///   - classOf: the class of an index.
  ///   - random: keyed by seed and task.
  func arranged(
    _ pool: SampleIndices, classOf: (Int) -> Int, random: inout KeyedRandom
  ) -> SampleIndices? {
    if case .shuffled = self { return nil }
    var classes: [Int: [UInt32]] = [:]
    for place in random.permutation(pool.count, of: UInt32.self) {
      let index = pool[Int(place)]
      classes[classOf(index), default: []].append(UInt32(index))
    }
    let names = classes.keys.sorted()
    let order = random.permutation(names.count).map { names[$0] }
    guard case .correlated(let delta) = self else {
      return SampleIndices(order.lazy.flatMap { classes[$0]! }.map { Int($0) })
    }
    var stretches: [[UInt32]] = Array(repeating: [], count: names.count)
    for name in names {
      let members = classes[name]!
      let shares = random.dirichlet(concentration: delta, count: stretches.count)
      var (start, sum) = (0, 0.0)
      for (stretch, share) in shares.enumerated() {
        sum += share
        let end =
          stretch + 1 == shares.count
          ? members.count : min(members.count, Int((sum * Double(members.count)).rounded()))
        guard end > start else { continue }
        stretches[stretch] += members[start..<end]
        start = end
      }
    }
    return SampleIndices(
      stretches.flatMap { stretch in
        random.permutation(stretch.count).map { Int(stretch[$0]) }
      })
  }
}

extension RandomSource {
  /// Shares of a symmetric Dirichlet distribution: `count` numbers of sum 1.
  ///
  /// Gamma variates by Marsaglia and Tsang (ACM TOMS 2000) with the boost for shapes below 1, in
  /// logarithms, so that tiny concentrations don't underflow.
  package mutating func dirichlet(concentration: Double, count: Int) -> [Double] {
    precondition(concentration > 0 && count > 0, "a concentration above 0, a share")
    let logarithms = (0..<count).map { _ in logGamma(shape: concentration) }
    let largest = logarithms.max()!
    let weights = logarithms.map { exp($0 - largest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// The logarithm of a draw from the gamma distribution of scale 1.
  private mutating func logGamma(shape: Double) -> Double {
    if shape < 1 { return logGamma(shape: shape + 1) + log(1 - uniform()) / shape }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = pow(1 + c * x, 3)
      guard v > 0 else { continue }
      if log(1 - uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return log(d * v) }
    }
  }
}
