/// Cells in which a method does harm that averages hide.
package struct Harm: Sendable {
  /// A result that points to collapse: one class takes most predictions.
  package struct Collapse: Sendable {
    package let method: MethodKey
    package let task: String
    package let domain: DomainKey
    package let adaptStream: String
    package let boundary: Int?
    /// The largest over seeds.
    package let largestClassShare: Double
    /// Of plain task arithmetic on the same images, where it was run.
    package let baselineShare: Double?
    package let accuracy: Double?
  }

  /// A share of predictions in one class from which a result counts as collapsed...
  package static let collapsedShare = 0.5
  /// ...if it is also this much above the share of plain task arithmetic.
  package static let excessShare = 0.15

  package let collapses: [Collapse]

  package init(_ study: Study) {
    let places = study.rows.map(\.place).unique
    var shares: [Study.Place: Double] = [:]
    for place in places {
      shares[place] = study.rows(at: place).compactMap(\.largestClassShare).max()
    }
    // Task arithmetic does not adapt, so it has one share per task and domain.
    var baseline: [Study.Place: Double] = [:]
    for (place, share) in shares where place.method == study.taskArithmetic {
      let key = Study.Place(method: place.method, task: place.task, domain: place.domain)
      baseline[key] = max(baseline[key] ?? 0, share)
    }
    collapses =
      places.filter { !$0.method.isGridPoint && $0.method != study.taskArithmetic }
      .compactMap { place -> Collapse? in
        guard let share = shares[place], share >= Self.collapsedShare else { return nil }
        let reference = study.taskArithmetic.flatMap {
          baseline[Study.Place(method: $0, task: place.task, domain: place.domain)]
        }
        if let reference, share < reference + Self.excessShare { return nil }
        let accuracies = study.rows(at: place).compactMap(\.accuracy)
        return Collapse(
          method: place.method, task: place.task, domain: place.domain,
          adaptStream: place.adaptStream, boundary: place.boundary, largestClassShare: share,
          baselineShare: reference, accuracy: accuracies.min())
      }
      .sorted { $0.largestClassShare > $1.largestClassShare }
  }
}

extension Study {
  /// On how many pairs of `tasks` and `domains` a method is below the baseline, of those that both
  /// have; nil without a baseline, or for the baseline itself.
  package func worseThanBaseline(
    _ method: MethodKey, _ tasks: [String], _ domains: [DomainKey]
  ) -> (worse: Int, total: Int)? {
    guard let baseline, method != baseline, kind == .plain else { return nil }
    var (worse, total) = (0, 0)
    for task in tasks {
      for domain in domains {
        guard let value = accuracy(method, [task], domain)?.value,
          let reference = accuracy(baseline, [task], domain)?.value
        else { continue }
        total += 1
        if value < reference { worse += 1 }
      }
    }
    return total > 0 ? (worse, total) : nil
  }
}
