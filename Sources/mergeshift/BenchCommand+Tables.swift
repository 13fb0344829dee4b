import Evaluation
import Results

extension BenchCommand {
  /// The tables of a run, each with its heading; experiments that leave one task out make one table.
  ///
  /// - Parameter baseline: what methods are compared to; nil: task arithmetic.
  static func tables(
    _ plan: Plan, _ records: [ResultRecord], baseline: String?
  ) -> [(title: String, text: String)] {
    var tables: [(title: String, text: String)] = []
    var families: Set<String> = []
    for experiment in plan.experiments {
      guard records.contains(where: { $0.experiment == experiment.name }) else { continue }
      if let family = experiment.leaveOneOutName {
        guard families.insert(family).inserted else { continue }
        let table = LeaveOneOutTable(
          family, plan.experiments.filter { $0.leaveOneOutName == family },
          records: records)
        tables.append((table.title, table.text))
      } else if experiment.streams.isCrossed {
        let table = ShiftTable(experiment, records: records)
        tables.append((table.title, table.text))
      } else {
        let table = PaperTables(
          experiment, records: records, baseline: baseline ?? PaperTables.standardBaseline)
        tables.append((table.title, table.text))
      }
    }
    return tables
  }
}
