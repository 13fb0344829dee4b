internal import Foundation
internal import Inputs
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
  public let count: Int
  /// Those at a range of `0..<count`, in the order of the evaluated stream; made when they are asked for.
  public let samples: @Sendable (Range<Int>) -> [Sample]

  /// - Parameter samples: gives those at a range of `0..<count`, in the order of the evaluated stream.
  public init(
    task: String, count: Int, samples: @escaping @Sendable (Range<Int>) -> [Sample]
  ) {
    self.task = task
    self.count = count
    self.samples = samples
  }

  public init(task: String, samples: [Sample]) {
    self.init(task: task, count: samples.count) { Array(samples[$0]) }
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

  /// Images whose lines are in memory together.
  private static let pieceLength = 1024

  /// Writes one cell's table piece by piece.
  static func write(
    _ predictions: [TaskPredictions], of cell: CellKey, by write: (Data) throws -> Void
  ) rethrows {
    try write(Data(table.header.utf8))
    for task in predictions {
      for start in stride(from: 0, to: task.count, by: pieceLength) {
        let rows = task.samples(start..<min(start + pieceLength, task.count))
          .map { Row(cell: cell.text, task: task.task, sample: $0) }
        try write(Data(table.lines(rows).utf8))
      }
    }
  }

  /// What is wrong with the file of a cell's predictions: it has to begin with the header and to have
  /// a whole line for each image that the record counts. Nil: nothing.
  ///
  /// - Throws: `notRead`.
  static func damage(in path: String, of record: CellRecord) throws(ResultError) -> ResultError? {
    // Only an image's name may hold a line break, and is in quotes then.
    var (lines, isQuoted, isWhole, hasHeader) = (0, false, true, true)
    do {
      hasHeader = try forEachPiece(of: path) { piece in
        for byte in piece {
          if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
          isWhole = byte == UInt8(ascii: "\n") && !isQuoted
          if isWhole { lines += 1 }
        }
      }
    } catch {
      throw .notRead(path: path, reason: FileReason.of(error))
    }
    guard hasHeader else {
      return .unreadable(path: path, reason: "no header of predictions")
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

  /// Reads a cell's file piece by piece, and calls `body` with what is behind the header.
  ///
  /// - Returns: whether it has the header; if not, `body` is not called.
  private static func forEachPiece(
    of path: String, _ body: (Data) throws -> Void
  ) throws -> Bool {
    try InputFile.check(path)
    let file = try FileHandle(forReadingFrom: URL(filePath: path))
    defer { try? file.close() }
    let header = Data(table.header.utf8)
    guard try file.read(upToCount: header.count) == header else { return false }
    while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { try body(piece) }
    return true
  }

  /// Joins the files of `cells` in `store`, each once, in the place of whatever `path` holds. A cell
  /// without a file is left out.
  public static func collect(
    _ cells: [CellKey], from store: ResultStore, to path: String
  ) throws(ResultError) {
    var seen: Set<CellKey> = []
    let files = cells.filter { seen.insert($0).inserted }.map(store.predictionsPath)
      .filter { FileManager.default.fileExists(atPath: $0) }
    try AtomicFile.replace(path) { write in
      try write(Data(table.header.utf8))
      for file in files {
        guard try forEachPiece(of: file, write) else {
          throw ResultError.unreadable(path: file, reason: "no header of predictions")
        }
      }
    }
  }
}
