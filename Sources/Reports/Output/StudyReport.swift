/// Everything a report shows of one study.
package struct StudyReport: Sendable {
  package let study: Study
  /// Of the study on the page, unique in a report.
  package let anchor: String
  /// Of its tables.
  package let tablesAnchor: String
  package let mainTables: [ReportTable]
  /// Whether the page folds them, as it shows the same as heat maps.
  package let foldsTables: Bool
  /// The corruptions of every task.
  package let taskTables: [ReportTable]
  package let sections: [FigureSection]

  /// - Parameter comparing: whether its run's comparisons stand with this study.
  init(_ study: Study, _ details: RunDetails, comparing: Bool, _ maker: inout FigureMaker) {
    self.study = study
    anchor = maker.id("study", study.slug)
    tablesAnchor = maker.id(anchor, "tables")
    let tables = StudyTables(
      study: study, published: .adaMerging,
      prefix: maker.id("table", study.slug).replacing(/^table-/, with: ""))
    mainTables = tables.main
    taskTables = mainTables.isEmpty ? [] : tables.perTask
    foldsTables = study.kind != .plain
    let adaptations = AdaptationRun.all(
      of: study, steps: details.steps, coefficients: details.coefficients)
    var sections = [
      AccuracyFigures.section(study, &maker), SeverityFigures.section(study, &maker),
      StreamFigures.crossed(study, &maker), StreamFigures.continual(study, &maker),
      comparing ? PairedFigures.section(study, of: details.run, &maker) : nil,
      CoefficientFigures.section(study, adaptations, &maker),
      AdaptationFigures.section(study, adaptations, &maker),
      CollapseFigures.section(study, &maker),
      ReliabilityFigures.section(study, bins: details.bins, &maker),
    ].compactMap { $0 }
    for index in sections.indices {
      sections[index].anchor = maker.id(anchor, sections[index].id)
    }
    self.sections = sections
  }
}

/// A run with the details of its cells, by cell.
struct RunDetails {
  let run: Run
  let steps: [String: [StepRow]]
  let coefficients: [String: [CoefficientRow]]
  let bins: [String: [ReliabilityRow]]

  init(_ run: Run) {
    self.run = run
    steps = Dictionary(grouping: run.steps, by: \.cell)
    coefficients = Dictionary(grouping: run.coefficients, by: \.cell)
    bins = Dictionary(grouping: run.reliability, by: \.cell)
  }
}
