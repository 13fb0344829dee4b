/// Everything a report shows of its runs.
public struct Report: Sendable {
  package let title: String
  package let runs: [Run]
  /// In the order of the runs and their rows.
  package let studies: [StudyReport]
  package let difference: RunDifference?
  package let differenceFigure: Figure?

  /// - Parameters:
  ///   - compares: whether two runs are also held against each other, cell by cell.
  ///   - baseline: what gains, counts and corruption errors refer to, as tables call it; nil: task
  ///     arithmetic, where a study has it.
  /// - Throws: `comparisonNeedsTwoRuns`, `unknownBaseline`.
  public init(
    _ runs: [Run], compares: Bool = false, baseline: String? = nil
  ) throws(ReportError) {
    if compares, runs.count != 2 { throw .comparisonNeedsTwoRuns(got: runs.count) }
    self.runs = runs
    title = runs.map(\.name).joined(separator: compares ? " against " : ", ")
    let studies = Study.studies(of: runs, baseline: baseline ?? MethodKey.taskArithmetic)
    if let baseline, !studies.contains(where: { $0.baseline != nil }) {
      throw .unknownBaseline(
        baseline, known: studies.flatMap { $0.mainMethods.map(\.title) }.unique)
    }
    var maker = FigureMaker(studies: studies)
    let details = runs.map(RunDetails.init)
    var compared: Set<[String]> = []
    self.studies = studies.map { study in
      // Comparisons tell experiments and protocols apart, and nothing else of a study.
      let isFirst = compared.insert(["\(study.runIndex)", study.experiment, study.protocolName])
        .inserted
      return StudyReport(study, details[study.runIndex], comparing: isFirst, &maker)
    }
    difference = compares ? RunDifference(runs[0], runs[1]) : nil
    differenceFigure = difference?.figure(&maker)
  }

  package var sections: [FigureSection] { studies.flatMap(\.sections) }
  package var tables: [ReportTable] { studies.flatMap { $0.mainTables + $0.taskTables } }

  package var figures: [Figure] {
    [differenceFigure].compactMap { $0 } + sections.flatMap { $0.blocks.flatMap(\.figures) }
  }

  /// The whole page.
  public var html: String { ReportPage().html(self) }
}
