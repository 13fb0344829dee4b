internal import Statistics

/// The mean corruption error and the relative one of a study's methods (Hendrycks & Dietterich, ICLR
/// 2019): errors under corruption, averaged over tasks, in units of the baseline's, which has 1; lower
/// is better. `CorruptionError` has the formulas.
package struct CorruptionErrors: Sendable {
  /// Which method answers for a domain: the same for all, or of an oracle the best of its grid.
  package typealias Choice = (DomainKey) -> MethodKey?

  private let study: Study
  private let tasks: [String]
  private let baseline: MethodKey
  /// By corruption, then by severity; without streams in which each image has a domain of its own.
  private let domains: [[DomainKey]]
  private let clean: DomainKey?

  /// Nil without a baseline or without corruptions.
  package init?(_ study: Study, _ tasks: [String]) {
    let corrupted = study.domains.filter { !$0.isClean && $0.stream.isEmpty }
    guard study.kind == .plain, let baseline = study.baseline, !corrupted.isEmpty else {
      return nil
    }
    self.study = study
    self.tasks = tasks
    self.baseline = baseline
    clean = study.domains.first { $0.isClean && $0.stream.isEmpty }
    domains = corrupted.map(\.corruption).unique.map { name in
      corrupted.filter { $0.corruption == name }
    }
  }

  /// Whether clean images were evaluated, to which relative errors refer.
  package var hasRelative: Bool { clean != nil }

  /// mCE; nil unless all was measured, or where the baseline makes no error under a corruption.
  package func mean(_ choice: Choice) -> Estimate? {
    overSeeds { seed in
      guard let own = errors(choice, seed), let other = errors({ _ in baseline }, seed) else {
        return nil
      }
      return CorruptionError.mean(own, baseline: other)
    }
  }

  /// Relative mCE; nil as well without clean images, or where a corruption does not raise the
  /// baseline's error.
  package func relativeMean(_ choice: Choice) -> Estimate? {
    overSeeds { seed in
      guard let clean, let own = errors(choice, seed),
        let other = errors({ _ in baseline }, seed),
        let ownClean = error(choice(clean), clean, seed),
        let otherClean = error(baseline, clean, seed)
      else { return nil }
      return CorruptionError.relativeMean(
        own, clean: ownClean, baseline: other, baselineClean: otherClean)
    }
  }

  private func overSeeds(_ value: (UInt64) -> Double?) -> Estimate? {
    let values = study.seeds.compactMap(value)
    return values.count == study.seeds.count
      ? Estimate.mean(overSeeds: values.map { Estimate($0) }) : nil
  }

  private func errors(_ choice: Choice, _ seed: UInt64) -> [[Double]]? {
    let values = domains.map { $0.compactMap { error(choice($0), $0, seed) } }
    return zip(values, domains).allSatisfy { $0.count == $1.count } ? values : nil
  }

  private func error(_ method: MethodKey?, _ domain: DomainKey, _ seed: UInt64) -> Double? {
    method.flatMap { study.accuracy($0, tasks, domain, seed: seed) }.map { 1 - $0 }
  }
}
