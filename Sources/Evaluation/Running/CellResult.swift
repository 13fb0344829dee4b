internal import Results

/// What comes out of a cell.
struct CellResult: Sendable {
  let record: CellRecord
  /// Of every task; none of a failed cell.
  var predictions: [TaskPredictions] = []
}
