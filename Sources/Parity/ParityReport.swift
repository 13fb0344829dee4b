/// What is compared, and how large an error may be.
public enum ParityQuantity: String, Sendable, CaseIterable {
  case features, logits, entropies, gradients, trajectories, losses
  case mergedWeights = "merged weights"
  case masks

  /// The largest error allowed: a difference over the largest magnitude of the golden array (of
  /// trajectories at least 0.3, the published start); of masks the number of entries that differ. Features, logits and entropies are those of single
  /// precision; gradients sum over millions of products; trajectories go on from them.
  public var tolerance: Double {
    switch self {
    case .features, .logits, .entropies, .losses: 1e-5
    case .gradients, .trajectories: 1e-4
    case .mergedWeights: 1e-6
    case .masks: 0
    }
  }
}

/// The largest error of one quantity in one case.
public struct ParityResult: Sendable, Equatable {
  public let quantity: ParityQuantity
  /// The model or the run that it was compared in, under its name in the goldens.
  public let name: String
  /// Relative to the largest magnitude of the golden array; infinite for NaN.
  public let error: Double

  public var isWithinTolerance: Bool { error <= quantity.tolerance }
}

/// Everything that was compared.
public struct ParityReport: Sendable {
  /// By quantity, then in the order of the set.
  public let results: [ParityResult]
  /// What was not compared and why, a sentence each.
  public let remarks: [String]

  init(_ results: [ParityResult], remarks: [String]) {
    self.results = ParityQuantity.allCases.flatMap { quantity in
      results.filter { $0.quantity == quantity }
    }
    self.remarks = remarks
  }

  public var failures: [ParityResult] { results.filter { !$0.isWithinTolerance } }
}

/// The largest difference met so far.
struct LargestError {
  private(set) var value = 0.0

  /// Counts `found` against `expected`, relative to `scale` (0 leaves the difference as it is).
  mutating func add(_ found: Double, _ expected: Double, scale: Double) {
    let difference = abs(found - expected) / (scale > 0 ? scale : 1)
    value = max(value, difference.isNaN ? .infinity : difference)
  }

  /// Counts all of `found` against an array of the same length.
  mutating func add(_ found: [Float], _ expected: GoldenArray) {
    precondition(found.count == expected.values.count, "arrays of one length")
    let scale = expected.scale
    for (value, golden) in zip(found, expected.values) {
      add(Double(value), golden, scale: scale)
    }
  }
}
