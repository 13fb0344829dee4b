internal import Foundation
internal import Results
internal import Statistics
internal import Streams
internal import TensorCore

/// A figure for each seed of an experiment, in the order of its seeds.
struct SeedValues: Hashable {
  let values: [Double]

  var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// Element by element; nil if one is missing or there is none.
  static func mean(_ parts: [SeedValues?]) -> SeedValues? {
    let known = parts.compactMap { $0 }
    guard let first = known.first, known.count == parts.count else { return nil }
    return SeedValues(
      values: first.values.indices.map { seed in
        known.reduce(0) { $0 + $1.values[seed] } / Double(known.count)
      })
  }

  static func - (left: SeedValues, right: SeedValues) -> SeedValues {
    SeedValues(values: zip(left.values, right.values).map { $0 - $1 })
  }

  /// In percent: the value of one seed, or `mean±deviation` of several.
  ///
  /// - Parameter signed: whether a `+` stands before what is not negative.
  func percent(signed: Bool = false) -> String {
    let summary = MeanAndDeviation(values.map { 100 * $0 })!
    var text = String(format: signed ? "%+.1f" : "%.1f", summary.mean)
    if Double(text) == 0 { text = signed ? "+0.0" : "0.0" }
    return summary.deviation.map { text + String(format: "±%.1f", $0) } ?? text
  }
}

/// The accuracies of one experiment by method, task, evaluated images and seed.
struct MeasuredAccuracies {
  private struct Place: Hashable {
    let method: String
    let options: String
    let task: String
    /// A corruption's name, `clean` or `mixed`.
    let images: String
    let severity: Severity?
  }

  private let seeds: [UInt64]
  private var accuracies: [Place: [UInt64: [Double]]] = [:]
  private var failures: Set<Place> = []

  /// - Parameter records: rows of other experiments are left out.
  init(_ experiment: Experiment, records: [ResultRecord]) {
    seeds = experiment.seeds
    for row in records where row.experiment == experiment.name {
      let place = Place(
        method: row.method, options: row.methodOptions, task: row.task, images: row.corruption,
        severity: row.severity)
      if let measurement = row.measurement {
        accuracies[place, default: [:]][row.record.provenance.seed, default: []]
          .append(measurement.accuracy)
      } else {
        failures.insert(place)
      }
    }
  }

  /// The averages over `tasks`; nil unless every task was measured once with every seed.
  func callAsFunction(
    _ method: MethodChoice, _ tasks: [String], _ phase: ShiftPhase
  ) -> SeedValues? {
    SeedValues.mean(
      tasks.map { task in
        let bySeed = accuracies[place(method, task, phase)] ?? [:]
        let values = seeds.compactMap { bySeed[$0]?.count == 1 ? bySeed[$0]![0] : nil }
        return values.count == seeds.count ? SeedValues(values: values) : nil
      })
  }

  func hasFailed(_ method: MethodChoice, _ tasks: [String], _ phases: [ShiftPhase]) -> Bool {
    tasks.contains { task in phases.contains { failures.contains(place(method, task, $0)) } }
  }

  private func place(_ method: MethodChoice, _ task: String, _ phase: ShiftPhase) -> Place {
    Place(
      method: method.name, options: method.optionsText, task: task, images: phase.name,
      severity: phase.domain?.severity)
  }
}
