/// What a method wins over a baseline on the cells of a table, and where it loses: a collapse on one
/// cell that an average hides.
public struct Gain: Hashable, Sendable {
  /// The cells that both have.
  public let cells: Int
  /// The number of cells on which the method is below the baseline.
  public let worse: Int
  /// The mean over cells of method minus baseline; nil of no cells.
  public let mean: Double?

  /// - Parameters:
  ///   - values: the method's on each cell, nil where it was not measured; higher is better.
  ///   - baseline: the baseline's on the same cells.
  public init(of values: [Double?], over baseline: [Double?]) {
    precondition(values.count == baseline.count, "the same cells")
    let differences = zip(values, baseline).compactMap { value, reference in
      value.flatMap { value in reference.map { value - $0 } }
    }
    cells = differences.count
    worse = differences.count { $0 < 0 }
    mean = differences.isEmpty ? nil : differences.reduce(0, +) / Double(differences.count)
  }
}
