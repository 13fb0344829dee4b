import Evaluation
import Foundation
import Results

/// Measurements of several tasks as aligned text, with their average.
struct MeasurementTable {
  private var measurements: [TaskMeasurement] = []

  mutating func append(_ measurement: TaskMeasurement) {
    measurements.append(measurement)
  }

  var text: String {
    var table = TextTable(
      header: [
        "task", "samples", "accuracy %", "mean entropy", "largest_class share %",
        "entropy_of mean prediction",
      ])
    for measurement in measurements {
      table.rows.append([
        measurement.task + (measurement.seen ? "" : " (unseen)"), "\(measurement.samples)",
        percent(measurement.accuracy), String(format: "%.3f", measurement.meanEntropy),
        percent(measurement.largestPredictedClassShare),
        String(format: "%.3f", measurement.meanPredictionEntropy),
      ])
    }
    for (name, group) in [
      ("average", measurements.filter(\.seen)),
      ("average (unseen)", measurements.filter { !$0.seen }),
    ] where group.count > 1 {
      let count = Double(group.count)
      table.rows.append([
        name, "\(group.reduce(0) { $0 + $1.samples })",
        percent(group.reduce(0) { $0 + $1.accuracy } / count),
        String(format: "%.3f", group.reduce(0) { $0 + $1.meanEntropy } / count),
        percent(group.reduce(0) { $0 + $1.largestPredictedClassShare } / count),
        String(format: "%.3f", group.reduce(0) { $0 + $1.meanPredictionEntropy } / count),
      ])
    }
    return table.text
  }

  private func percent(_ share: Double) -> String { String(format: "%.1f", 100 * share) }
}
