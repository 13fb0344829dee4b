internal import Foundation
public import Statistics
internal import TensorCore

/// A cell's predictions on one task's images.
public struct TaskPredictions: Sendable {
  /// One image.
  public struct Sample: Sendable {
    public let id: String
    public let scores: SampleScores

    public init(id: String, scores: SampleScores) {
      self.id = id
      self.scores = scores
    }
  }

  public let task: String
  /// In the order of the evaluated stream.
  public let samples: [Sample]

  public init(task: String, samples: [Sample]) {
    self.task = task
    self.samples = samples
  }
}

/// The table of single predictions, `predictions.csv`: one line per cell, task and image. Each cell's
/// lie in a file of their own beside its record, with the same header; the table joins these files.
public enum PredictionTable {
  /// One image.
  public struct Row: Sendable {
    let cell: String
    let task: String
    let sample: TaskPredictions.Sample
  }

  /// Classes are places among the head's classes, from 0.
  public static let table = CSVTable<Row>([
    .init("cell") { .text($0.cell) },
    .init("task") { .text($0.task) },
    .init("sample") { .text($0.sample.id) },
    .init("label") { .integer($0.sample.scores.label) },
    .init("predicted") { .integer($0.sample.scores.predicted) },
    .init("confidence") { .number($0.sample.scores.confidence) },
    .init("entropy_nats") { .number($0.sample.scores.entropy) },
    .init("nll_nats") { .number($0.sample.scores.negativeLogLikelihood) },
    .init("brier") { .number($0.sample.scores.brierScore) },
  ])

  /// One cell's table.
  static func csv(_ predictions: [TaskPredictions], of cell: CellKey) -> String {
    table.csv(
      predictions.lazy.flatMap { task in
        task.samples.lazy.map { Row(cell: cell.text, task: task.task, sample: $0) }
      })
  }

  /// What is wrong with the file of a cell's predictions: it has to begin with the header and to have
  /// a whole line for each image that the record counts. Nil: nothing.
  ///
  /// - Throws: `notRead`.
  static func damage(in path: String, of record: CellRecord) throws(ResultError) -> ResultError? {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw .notRead(path: path, reason: FileReason.of(error))
    }
    let header = Data(table.header.utf8)
    guard data.starts(with: header) else {
      return .unreadable(path: path, reason: "no header of predictions")
    }
    // Only an image's name may hold a line break, and is in quotes then.
    var (lines, isQuoted, isWhole) = (0, false, true)
    for byte in data.dropFirst(header.count) {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      isWhole = byte == UInt8(ascii: "\n") && !isQuoted
      if isWhole { lines += 1 }
    }
    guard case .measured(let tasks) = record.outcome else { return nil }
    let images = tasks.reduce(0) { $0 + $1.samples }
    guard isWhole, lines == images else {
      return .unreadable(
        path: path,
        reason: "\(lines) whole lines" + (isWhole ? "" : " and a part of one")
          + " for \(images) images")
    }
    return nil
  }

  /// Joins the files of `cells` in `store`, each once, in the place of whatever `path` holds. A cell
  /// without a file is left out. No more than one cell's file is in memory.
  public static func collect(
    _ cells: [CellKey], from store: ResultStore, to path: String
  ) throws(ResultError) {
    var seen: Set<CellKey> = []
    let files = cells.filter { seen.insert($0).inserted }.map(store.predictionsPath)
      .filter { FileManager.default.fileExists(atPath: $0) }
    let header = Data(table.header.utf8)
    try AtomicFile.replace(path) { write in
      try write(header)
      for file in files {
        let data: Data
        do {
          data = try Data(contentsOf: URL(filePath: file))
        } catch {
          throw ResultError.unreadable(path: file, reason: FileReason.of(error))
        }
        guard data.starts(with: header) else {
          throw ResultError.unreadable(path: file, reason: "no header of predictions")
        }
        try write(data.dropFirst(header.count))
      }
    }
  }
}
