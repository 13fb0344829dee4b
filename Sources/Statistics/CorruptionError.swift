/// Errors under corruptions in units of a baseline's (Hendrycks & Dietterich, Benchmarking Neural
/// Network Robustness to Common Corruptions and Perturbations, ICLR 2019, section 4.1), so that
/// corruptions of different difficulty count alike. `E` is an error rate, 0 to 1, `s` a severity,
/// `c` a corruption, `f` the method:
///
///     CE_c          = sum_s E_{s,c}^f / sum_s E_{s,c}^base
///     relative CE_c = sum_s (E_{s,c}^f - E_clean^f) / sum_s (E_{s,c}^base - E_clean^base)
///
/// mCE and relative mCE are their means over `c`. The baseline itself has 1 in both; the paper
/// writes them times 100. Lower is better.
public enum CorruptionError {
  /// `CE_c`; nil where the baseline makes no error.
  ///
  /// - Parameters:
  ///   - errors: the method's at each severity.
  ///   - baseline: the baseline's at the same severities.
  public static func normalized(_ errors: [Double], baseline: [Double]) -> Double? {
    precondition(errors.count == baseline.count, "the same severities")
    return quotient(errors.reduce(0, +), baseline.reduce(0, +))
  }

  /// relative `CE_c`; nil where the corruption does not raise the baseline's error.
  public static func relative(
    _ errors: [Double], clean: Double, baseline: [Double], baselineClean: Double
  ) -> Double? {
    precondition(errors.count == baseline.count, "the same severities")
    return quotient(
      errors.reduce(0) { $0 + $1 - clean }, baseline.reduce(0) { $0 + $1 - baselineClean })
  }

  /// mCE; nil for no corruptions, or where a corruption has no CE: a mean over the others would not
  /// compare.
  ///
  /// - Parameters:
  ///   - errors: the method's by corruption, then by severity.
  ///   - baseline: the baseline's, the same way.
  public static func mean(_ errors: [[Double]], baseline: [[Double]]) -> Double? {
    precondition(errors.count == baseline.count, "the same corruptions")
    return mean(zip(errors, baseline).map { normalized($0, baseline: $1) })
  }

  /// relative mCE; nil for no corruptions, or where a corruption has no relative CE.
  public static func relativeMean(
    _ errors: [[Double]], clean: Double, baseline: [[Double]], baselineClean: Double
  ) -> Double? {
    precondition(errors.count == baseline.count, "the same corruptions")
    return mean(
      zip(errors, baseline).map {
        relative($0, clean: clean, baseline: $1, baselineClean: baselineClean)
      })
  }

  private static func quotient(_ sum: Double, _ baselineSum: Double) -> Double? {
    baselineSum > 0 ? sum / baselineSum : nil
  }

  private static func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0 }
    guard !known.isEmpty, known.count == values.count else { return nil }
    return known.reduce(0, +) / Double(known.count)
  }
}
