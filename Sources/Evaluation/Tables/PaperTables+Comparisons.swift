internal import Foundation
internal import Statistics
internal import Streams
internal import TensorCore

/// The columns that set a method beside the baseline.
extension PaperTables {
  /// A column after the methods' names.
  struct Column {
    let heading: String
    let hasBar: Bool
    let text: (Line) -> String

    init(_ heading: String, hasBar: Bool = false, text: @escaping (Line) -> String) {
      self.heading = heading
      self.hasBar = hasBar
      self.text = text
    }
  }

  /// What a method's average gains over the baseline's and over the oracles', in points; none without
  /// the baseline.
  ///
  /// - Parameter average: of a row.
  func gainColumns(_ heading: String, _ average: @escaping (Line) -> SeedValues?) -> [Column] {
    guard let baseline else { return [] }
    let references =
      [(label: baselineLabel, line: baseline)]
      + oracles.map { (label: "\($0.label) oracle", line: $0.line) }
    return references.enumerated().map { index, reference in
      Column("\(heading) over \(reference.label)", hasBar: index == 0) { line in
        guard line != reference.line else { return "" }
        guard let value = average(line), let other = average(reference.line) else { return "-" }
        return (value - other).percent(signed: true)
      }
    }
  }

  /// The mean corruption error and, if clean images are among the domains, the relative one: in
  /// percent of the baseline's, so that it has 100, of the errors averaged over `tasks`; less is
  /// better. None without the baseline.
  func corruptionErrorColumns(_ tasks: [String]) -> [Column] {
    guard let baseline else { return [] }
    let corruptions = ExperimentStreams.corruptions(phases.compactMap(\.domain))
    guard !corruptions.isEmpty else { return [] }
    let severities = corruptions.map { name in phases.filter { $0.domain?.corruption == name } }
    /// By corruption, then by severity.
    func errors(_ line: Line) -> [[SeedValues]]? {
      let values = severities.map { $0.compactMap { error(line, tasks, $0) } }
      return zip(values, severities).allSatisfy { $0.count == $1.count } ? values : nil
    }
    func column(
      _ heading: String, hasBar: Bool = false,
      _ figure: @escaping (_ line: Line, _ seed: Int) -> Double?
    ) -> Column {
      Column("\(heading) (\(baselineLabel) 100)", hasBar: hasBar) { line in
        let values = experiment.seeds.indices.compactMap { figure(line, $0) }
        return values.count == experiment.seeds.count
          ? SeedValues(values: values).percent() : "-"
      }
    }
    func ofSeed(_ values: [[SeedValues]], _ seed: Int) -> [[Double]] {
      values.map { $0.map { $0.values[seed] } }
    }
    var columns = [
      column("mCE", hasBar: true) { line, seed in
        guard let own = errors(line), let other = errors(baseline) else { return nil }
        return CorruptionError.mean(ofSeed(own, seed), baseline: ofSeed(other, seed))
      }
    ]
    let clean = ShiftPhase(.clean)
    guard phases.contains(clean) else { return columns }
    columns.append(
      column("relative mCE") { line, seed in
        guard let own = errors(line), let other = errors(baseline),
          let ownClean = error(line, tasks, clean),
          let otherClean = error(baseline, tasks, clean)
        else { return nil }
        return CorruptionError.relativeMean(
          ofSeed(own, seed), clean: ownClean.values[seed], baseline: ofSeed(other, seed),
          baselineClean: otherClean.values[seed])
      })
    return columns
  }

  private func error(_ line: Line, _ tasks: [String], _ phase: ShiftPhase) -> SeedValues? {
    values(of: line, tasks, phase, chosenOn: tasks).map { accuracy in
      SeedValues(values: accuracy.values.map { 1 - $0 })
    }
  }

  /// On how many of the (task, domain) pairs a method is below the baseline; none without it.
  var worseColumns: [Column] {
    guard let baseline else { return [] }
    let pairs = experiment.tasks.flatMap { task in phases.map { (task, $0) } }
    func means(_ line: Line) -> [Double?] {
      pairs.map { task, phase in values(of: line, [task], phase, chosenOn: [task])?.mean }
    }
    return [
      Column("worse than \(baselineLabel)", hasBar: true) { line in
        guard line != baseline, case .method = line else { return "" }
        let gain = Gain(of: means(line), over: means(baseline))
        return gain.cells == 0 ? "-" : "\(gain.worse)/\(gain.cells)"
      }
    ]
  }
}
