public import Statistics
internal import TensorCore

/// A method against a baseline on the same images of one task.
public struct Comparison: Sendable {
  public let method: ResultRecord
  public let baseline: ResultRecord
  /// What the baseline is, as `task-arithmetic`.
  public let baselineTitle: String
  public let outcomes: PairedOutcomes
  /// The 95 % bootstrap interval of the difference of the accuracies.
  public let interval: Interval

  init(
    method: ResultRecord, baseline: ResultRecord, baselineTitle: String, outcomes: PairedOutcomes
  ) {
    self.method = method
    self.baseline = baseline
    self.baselineTitle = baselineTitle
    self.outcomes = outcomes
    interval = Bootstrap().interval(ofDifference: outcomes)
  }
}

/// The table of paired tests, `comparisons.csv`: every method against task arithmetic and, where the
/// plan has a grid, against the best of task arithmetic's and of TIES' grid, an oracle. Made from the
/// records alone, which keep each image's outcome.
///
/// Two rows of results are compared if their experiment, protocol, task, evaluated stream, profile,
/// merged tasks and seed are the same, and both were measured on the same images in the same order. A
/// baseline that does not adapt and was measured once stands for every boundary of a stream. Points
/// of grids are no methods of their own here.
public enum ComparisonTable {
  /// The methods whose grids are baselines.
  static let tunedMethods = [baselineMethod, "ties"]
  static let baselineMethod = "task-arithmetic"

  /// What stands in the column `baseline` for the best of a method's grid: of the points and the
  /// method as it is, the one with the highest mean accuracy over the seen tasks of the same setting.
  public static func oracleTitle(_ method: String) -> String {
    "\(method) (best of grid: oracle)"
  }

  public static let table = CSVTable<Comparison>([
    .init("experiment") { .text($0.method.experiment) },
    .init("protocol") { .text($0.method.protocolName) },
    .init("task") { .text($0.method.task) },
    .init("corruption") { .text($0.method.corruption) },
    .init("severity") { $0.method.severityField },
    .init("adapt_stream") { .text($0.method.adaptStream) },
    .init("evaluate_stream") { .text($0.method.evaluateStream) },
    .init("boundary") { CSVField($0.method.boundary) },
    .init("seed") { .text("\($0.method.record.provenance.seed)") },
    .init("baseline") { .text($0.baselineTitle) },
    .init("baseline_options") { .text($0.baseline.methodOptions) },
    .init("method") { .text($0.method.method) },
    .init("method_options") { .text($0.method.methodOptions) },
    .init("samples") { .integer($0.outcomes.samples) },
    .init("accuracy_difference") { .number($0.outcomes.difference) },
    .init("difference_low") { .number($0.interval.low) },
    .init("difference_high") { .number($0.interval.high) },
    .init("mcnemar_only_method") { .integer($0.outcomes.onlyMethod) },
    .init("mcnemar_only_baseline") { .integer($0.outcomes.onlyBaseline) },
    .init("mcnemar_p") { .number(McNemarTest.exactP($0.outcomes)) },
    .init("cell") { .text($0.method.record.key.text) },
    .init("baseline_cell") { .text($0.baseline.record.key.text) },
  ])

  /// In the order of the rows of results, then of the baselines.
  public static func comparisons(_ records: [ResultRecord]) -> [Comparison] {
    let baselines = Dictionary(grouping: records) { Setting($0) }.mapValues(Self.baselines)
    return records.filter { !$0.isGridPoint }.flatMap { row -> [Comparison] in
      let setting = Setting(row)
      return baselineTitles.compactMap { title in
        // Of a stream with boundaries: its own, or one that was measured without.
        let rows = baselines[setting]?[title] ?? baselines[setting.withoutBoundary]?[title]
        guard let baseline = rows?.first(where: { $0.task == row.task }),
          baseline.record.key != row.record.key,
          let outcomes = baseline.measurement.flatMap({ row.measurement?.paired(with: $0) })
        else { return nil }
        return Comparison(
          method: row, baseline: baseline, baselineTitle: title, outcomes: outcomes)
      }
    }
  }

  private static let baselineTitles = [baselineMethod] + tunedMethods.map(oracleTitle)

  /// The rows of each baseline's cell, by its title, among the rows of one setting.
  private static func baselines(_ rows: [ResultRecord]) -> [String: [ResultRecord]] {
    var cells: [String: [ResultRecord]] = [:]
    // Its own default if the plan has it, else what the plan sets.
    let plain = rows.filter { $0.method == baselineMethod && !$0.isGridPoint }
    if let first = plain.first(where: \.methodOptions.isEmpty) ?? plain.first {
      cells[baselineMethod] = plain.filter { $0.methodOptions == first.methodOptions }
    }
    for method in tunedMethods {
      let own = rows.filter { $0.method == method }
      guard own.contains(where: \.isGridPoint) else { continue }
      var options: [String] = []
      for row in own where !options.contains(row.methodOptions) {
        options.append(row.methodOptions)
      }
      var best: (accuracy: Double, rows: [ResultRecord])?
      for choice in options {
        let candidate = own.filter { $0.methodOptions == choice }
        guard let accuracy = seenAccuracy(candidate), accuracy > best?.accuracy ?? -1 else {
          continue
        }
        best = (accuracy, candidate)
      }
      cells[oracleTitle(method)] = best?.rows
    }
    return cells
  }

  /// The mean accuracy over the seen tasks; nil unless all were measured.
  private static func seenAccuracy(_ rows: [ResultRecord]) -> Double? {
    let values = rows.filter(\.seen).map { $0.measurement?.accuracy }
    let known = values.compactMap { $0 }
    guard !known.isEmpty, known.count == values.count else { return nil }
    return known.reduce(0, +) / Double(known.count)
  }

  /// What two compared rows have in common, but for the task.
  private struct Setting: Hashable {
    let experiment: String
    let backbone: String
    let protocolName: String
    let evaluateStream: String
    let corruption: String
    let severity: String
    let profile: String
    let tasks: [String?]
    let seed: UInt64
    var boundary: Int?

    init(_ row: ResultRecord) {
      experiment = row.experiment
      backbone = row.backbone
      protocolName = row.protocolName
      evaluateStream = row.evaluateStream
      corruption = row.corruption
      severity = row.severity?.description ?? ""
      profile = row.profile
      tasks = ["seen", "unseen"].map { row.record.ingredients[$0] }
      seed = row.record.provenance.seed
      boundary = row.boundary
    }

    var withoutBoundary: Setting {
      var setting = self
      setting.boundary = nil
      return setting
    }
  }
}
