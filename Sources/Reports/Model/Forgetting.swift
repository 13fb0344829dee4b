/// What a method keeps of earlier shifts while it adapts to later ones (a continual study).
///
/// With `A(b, d)` the accuracy on domain d after phase b, the mean over tasks:
/// - accuracy on the shifts so far: the mean of `A(b, d)` over the domains of phases 1...b;
/// - forgetting at b: the mean over the domains d of phases before b of
///   `max over b' < b of A(b', d) - A(b, d)`, b' from d's own phase on (Chaudhry et al. 2018,
///   arXiv 1801.10112);
/// - forward transfer at b: the mean over the domains of later phases of `A(b, d)` minus the accuracy
///   of task arithmetic, which does not adapt: what earlier shifts teach for those to come.
package struct Forgetting: Sendable {
  package struct Point: Sendable {
    package let boundary: Int
    /// Over the domains of the phases that are over.
    package let accuracySoFar: Double
    /// Nil at the first boundary.
    package let forgetting: Double?
    /// Nil where no phase is left, later domains were not evaluated, or there is no task arithmetic.
    package let forwardTransfer: Double?
  }

  package let method: MethodKey
  package let points: [Point]

  package init?(_ study: Study, _ method: MethodKey, tasks: [String]) {
    guard study.kind == .continual else { return nil }
    let phases = study.phases
    var table: [Int: [DomainKey: Double]] = [:]
    for boundary in study.boundaries {
      for domain in study.domains {
        table[boundary, default: [:]][domain] =
          study.accuracy(method, tasks, domain, boundary: boundary)?.value
      }
    }
    var points: [Point] = []
    for boundary in study.boundaries {
      let past = study.domains.filter { phases[$0].map { $0 <= boundary } ?? false }
        .compactMap { table[boundary]?[$0] }
      guard !past.isEmpty else { continue }
      let losses = study.domains.compactMap { domain -> Double? in
        guard let phase = phases[domain], phase < boundary, let now = table[boundary]?[domain]
        else { return nil }
        let before = study.boundaries.filter { $0 >= phase && $0 < boundary }
          .compactMap { table[$0]?[domain] }.max()
        return before.map { $0 - now }
      }
      let gains = study.domains.compactMap { domain -> Double? in
        guard let phase = phases[domain], phase > boundary, let now = table[boundary]?[domain],
          let start = study.taskArithmetic,
          let reference = study.accuracy(start, tasks, domain)?.value
        else { return nil }
        return now - reference
      }
      points.append(
        Point(
          boundary: boundary, accuracySoFar: past.reduce(0, +) / Double(past.count),
          forgetting: losses.isEmpty ? nil : losses.reduce(0, +) / Double(losses.count),
          forwardTransfer: gains.isEmpty ? nil : gains.reduce(0, +) / Double(gains.count)))
    }
    guard points.count > 1 else { return nil }
    self.method = method
    self.points = points
  }
}

extension Study {
  /// What each phase of a continual study adapts to, as domains are named; told by the stream's text:
  /// `continual(motion_blur-3>fog-3)`, `recurring(fog-3>snow-3)*2`, `ramp(fog)`.
  package var phaseNames: [String] {
    let texts = rows.compactMap { $0.row.boundary == nil ? nil : $0.row.adaptStream }
    let text = texts.unique.max { $0.count < $1.count } ?? ""
    let inner = text.drop { $0 != "(" }.dropFirst().prefix { $0 != ")" }
    let names = inner.split(separator: ">").map(String.init)
    if text.hasPrefix("ramp("), let corruption = names.first {
      return [1, 2, 3, 4, 5, 4, 3, 2, 1].map { "\(corruption)-\($0)" }
    }
    return (boundaries.last ?? 0) > names.count && !names.isEmpty
      ? (0..<boundaries.last!).map { names[$0 % names.count] } : names
  }

  /// The phase, from 1, in which each domain of a continual study is first adapted to: told by the
  /// stream, else by the first boundary with a result.
  package var phases: [DomainKey: Int] {
    let names = phaseNames
    var phases: [DomainKey: Int] = [:]
    for domain in domains {
      if let place = names.firstIndex(of: domain.name) {
        phases[domain] = place + 1
      } else if names.isEmpty {
        phases[domain] =
          rows.filter { $0.place.domain == domain }.compactMap(\.place.boundary).min()
      }
    }
    return phases
  }
}
