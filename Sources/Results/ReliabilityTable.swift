internal import Statistics

/// The table of reliability diagrams, `reliability.csv`: one line per cell, task and bin of
/// confidence. A cell that several experiments share stands once.
public enum ReliabilityTable {
  /// One bin.
  public struct Row: Sendable {
    let cell: String
    let task: String
    let bin: Int
    let lower: Double
    let upper: Double
    let samples: Int
    let meanConfidence: Double?
    let accuracy: Double?
  }

  public static let table = CSVTable<Row>([
    .init("cell") { .text($0.cell) },
    .init("task") { .text($0.task) },
    .init("bin") { .integer($0.bin) },
    .init("lower") { .number($0.lower) },
    .init("upper") { .number($0.upper) },
    .init("samples") { .integer($0.samples) },
    .init("mean_confidence") { CSVField($0.meanConfidence) },
    .init("accuracy") { CSVField($0.accuracy) },
  ])

  public static func rows(_ records: [ResultRecord]) -> [Row] {
    var seen: Set<CellKey> = []
    let cells = records.map(\.record).filter { seen.insert($0.key).inserted }
    return cells.flatMap { cell -> [Row] in
      guard case .measured(let tasks) = cell.outcome else { return [] }
      return tasks.flatMap { rows($0, of: cell.key) }
    }
  }

  private static func rows(_ measurement: TaskMeasurement, of cell: CellKey) -> [Row] {
    measurement.reliability.bins.enumerated().map { index, bin in
      let (lower, upper) = measurement.reliability.bounds(index)
      return Row(
        cell: cell.text, task: measurement.task, bin: index, lower: lower, upper: upper,
        samples: bin.samples, meanConfidence: bin.meanConfidence, accuracy: bin.accuracy)
    }
  }
}
