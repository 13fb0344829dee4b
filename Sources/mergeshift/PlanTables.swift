import Evaluation
import Results

/// The tables of a plan on standard output: the paper's, or adapted against evaluated streams.
enum PlanTables {
  /// Prints the tables of the experiments that have rows.
  static func print(_ plan: Plan, _ rows: [ResultRecord]) {
    for experiment in plan.experiments {
      guard rows.contains(where: { $0.experiment == experiment.name }) else { continue }
      if experiment.streams.isCrossed {
        let table = ShiftTable(experiment, records: rows)
        Swift.print("\(table.title)\n\n\(table.text)")
      } else {
        let tables = PaperTables(experiment, records: rows)
        Swift.print("\(tables.title)\n\n\(tables.text)")
      }
    }
  }
}
