/// One adaptation of a method: what `steps.csv` and `coefficients.csv` tell of it.
package struct AdaptationRun: Sendable {
  package let method: MethodKey
  /// What tells it from the method's other ones in the study: the adapt stream, the domain or the
  /// number of phases.
  package let label: String
  package let steps: [StepRow]
  package let coefficients: [CoefficientRow]

  /// The adaptations of `study`'s first seed that left traces, in the order of the rows. Cells
  /// that share an adaptation, as those of a crossed study, count once.
  package static func all(
    of study: Study, steps: [String: [StepRow]], coefficients: [String: [CoefficientRow]]
  ) -> [AdaptationRun] {
    struct Identity: Hashable {
      let method: MethodKey
      let label: String
    }
    let rows = study.rows.filter { $0.row.seed == study.seeds[0] && !$0.place.method.isGridPoint }
    var known: Set<Identity> = []
    var runs: [AdaptationRun] = []
    for (place, row) in rows where steps[row.cell] != nil || coefficients[row.cell] != nil {
      let label: String
      if study.kind == .continual {
        label = row.boundary.map { "after phase \($0)" } ?? study.title(place.domain)
      } else {
        label = row.adaptStream.isEmpty ? study.title(place.domain) : row.adaptStream.spaced
      }
      guard known.insert(Identity(method: place.method, label: label)).inserted else { continue }
      runs.append(
        AdaptationRun(
          method: place.method, label: label, steps: steps[row.cell] ?? [],
          coefficients: coefficients[row.cell] ?? []))
    }
    return runs
  }

  package var stepNumbers: [Int] { steps.map(\.step).unique.sorted() }

  /// At most `limit` of the numbers, evenly spread, with the first and the last.
  package static func thinned(_ numbers: [Int], to limit: Int) -> [Int] {
    guard numbers.count > limit, limit > 1 else { return numbers }
    return (0..<limit).map { numbers[$0 * (numbers.count - 1) / (limit - 1)] }
  }

  /// A figure of each step: the mean over tasks of `value`; steps without one are left out.
  package func means(_ value: (StepRow) -> Double?) -> [Int: Double] {
    var sums: [Int: (sum: Double, count: Double)] = [:]
    for row in steps {
      guard let value = value(row) else { continue }
      sums[row.step, default: (0, 0)].sum += value
      sums[row.step]!.count += 1
    }
    return sums.mapValues { $0.sum / $0.count }
  }

  /// The largest of the tasks' values of each step.
  package func maxima(_ value: (StepRow) -> Double?) -> [Int: Double] {
    var result: [Int: Double] = [:]
    for row in steps {
      guard let value = value(row) else { continue }
      result[row.step] = max(result[row.step] ?? value, value)
    }
    return result
  }

  /// The share of right answers from the first step to each, over all tasks; empty but for the
  /// online protocol.
  package var runningAccuracy: [Int: Double] {
    var counts: [Int: (correct: Int, samples: Int)] = [:]
    for row in steps {
      guard let correct = row.onlineCorrect, let samples = row.onlineSamples else { continue }
      counts[row.step, default: (0, 0)].correct += correct
      counts[row.step]!.samples += samples
    }
    var (correct, samples) = (0, 0)
    var result: [Int: Double] = [:]
    for step in counts.keys.sorted() {
      correct += counts[step]!.correct
      samples += counts[step]!.samples
      if samples > 0 { result[step] = Double(correct) / Double(samples) }
    }
    return result
  }
}
