public import Results

/// What a run reports while it goes on.
public enum RunEvent: Sendable {
  /// How much of the work is done, 0 to 1, and what is being done.
  case progress(Double, activity: String)
  /// A cell has its record.
  case finished(Cell, CellRecord)
  /// The file of a cell was damaged, has the name `path` now, and its cell is computed again.
  case setAside(path: String, damage: ResultError)
}

/// Work in units of one image through the encoder, by which the time left is judged.
struct WorkMeter {
  /// Forward and backward take about three times the forward.
  static let adaptationWeight = 3.0
  /// Decoding, corrupting and resizing.
  static let preparationWeight = 0.5

  private(set) var total = 0.0
  private(set) var done = 0.0

  mutating func plan(_ units: Double) { total += units }
  mutating func add(_ units: Double) { done += units }

  var fraction: Double { total > 0 ? min(1, done / total) : 1 }
}
