/// Everything a report shows of its runs.
public struct Report: Sendable {
  package struct TableGroup: Sendable {
    package let title: String
    /// Whether the page folds the tables: where it shows the same as heat maps, and of many studies.
    package let isFolded: Bool
    package let main: [ReportTable]
    package let perTask: [ReportTable]
  }

  package let title: String
  package let runs: [Run]
  package let studies: [Study]
  package let tableGroups: [TableGroup]
  package let sections: [FigureSection]
  package let difference: RunDifference?
  package let differenceFigure: Figure?

  /// - Parameter compares: whether two runs are also held against each other, cell by cell.
  public init(_ runs: [Run], compares: Bool = false) throws(ReportError) {
    if compares, runs.count != 2 { throw .comparisonNeedsTwoRuns(got: runs.count) }
    self.runs = runs
    title = runs.map(\.name).joined(separator: compares ? " against " : ", ")
    let studies = Study.studies(of: runs)
    self.studies = studies
    var maker = FigureMaker(studies: studies)
    tableGroups = studies.enumerated().compactMap { index, study in
      let tables = StudyTables(
        study: study, published: .adaMerging,
        prefix: maker.id("table", study.slug)
          .replacing(/^table-/, with: ""))
      let main = tables.main
      return main.isEmpty
        ? nil
        : TableGroup(
          title: study.title, isFolded: study.kind != .plain || index >= FigureBlock.openStudies,
          main: main, perTask: tables.perTask)
    }
    let steps = runs.map { Dictionary(grouping: $0.steps, by: \.cell) }
    let coefficients = runs.map { Dictionary(grouping: $0.coefficients, by: \.cell) }
    let bins = runs.map { Dictionary(grouping: $0.reliability, by: \.cell) }
    let adaptations = studies.map { study in
      (
        study,
        AdaptationRun.all(
          of: study, steps: steps[study.runIndex], coefficients: coefficients[study.runIndex])
      )
    }
    sections = [
      AccuracyFigures.section(studies, &maker), SeverityFigures.section(studies, &maker),
      StreamFigures.crossed(studies, &maker), StreamFigures.continual(studies, &maker),
      PairedFigures.section(runs, &maker), CoefficientFigures.section(adaptations, &maker),
      AdaptationFigures.section(studies, adaptations, &maker),
      CollapseFigures.section(studies, &maker),
      ReliabilityFigures.section(studies, bins: bins, &maker),
    ].compactMap { $0 }
    difference = compares ? RunDifference(runs[0], runs[1]) : nil
    differenceFigure = difference?.figure(&maker)
  }

  package var tables: [ReportTable] { tableGroups.flatMap { $0.main + $0.perTask } }

  package var figures: [Figure] {
    [differenceFigure].compactMap { $0 } + sections.flatMap { $0.blocks.flatMap(\.figures) }
  }

  /// The whole page.
  public var html: String { ReportPage().html(self) }
}
