/// Accuracy against severity, a chart a corruption.
package enum SeverityFigures {
  package static func section(_ study: Study, _ maker: inout FigureMaker) -> FigureSection? {
    guard study.kind == .plain else { return nil }
    let corruptions = study.domains.filter { $0.severity > 0 && $0.stream.isEmpty }
      .map(\.corruption).unique
    let figures = corruptions.compactMap { figure(study, $0, &maker) }
    guard !figures.isEmpty else { return nil }
    let block = FigureBlock(
      title: study.title, subtitle: study.subtitle, figures: figures,
      legend: study.mainMethods.map { LegendEntry(title: $0.title, style: maker.style($0)) })
    return FigureSection(
      id: "severity", title: "Severity",
      introduction: "Accuracy in percent, the average over tasks, as a corruption grows. "
        + "Whiskers are 95 % intervals over images.",
      blocks: [block])
  }

  private static func figure(
    _ study: Study, _ corruption: String, _ maker: inout FigureMaker
  ) -> Figure? {
    let severities = study.domains.filter { $0.corruption == corruption && $0.stream.isEmpty }
      .sorted { $0.severity < $1.severity }
    guard severities.count > 1 else { return nil }
    let domains = study.domains.filter(\.isClean) + severities
    let categories = domains.map {
      $0.isClean ? "clean" : String($0.name.split(separator: "-").last!)
    }
    var rows: [[DataTable.Cell]] = []
    let series = study.mainMethods.map { method in
      var points: [LineChart.Point] = []
      for (index, domain) in domains.enumerated() {
        guard let estimate = study.accuracy(method, study.mainTasks, domain) else { continue }
        points.append(
          LineChart.Point(
            x: Double(index), y: estimate.value, low: estimate.low, high: estimate.high))
        rows.append([
          .text(method.title), .text(categories[index]), DataTable.percent(estimate.value),
          DataTable.percent(estimate.low), DataTable.percent(estimate.high),
        ])
      }
      return LineChart.Series(title: method.title, style: maker.style(method), points: points)
    }.filter { !$0.points.isEmpty }
    let title = "\(study.title): \(corruption.spaced) by severity"
    return Figure(
      id: maker.id("severity", study.slug, corruption), title: title,
      description: "Lines of accuracy in percent, the \(study.averageText(study.mainTasks)), over "
        + "\(categories.joined(separator: ", ")) for \(series.count) methods.",
      chart: LineChart(
        series: series, categories: categories, bottomTitle: "severity of \(corruption.spaced)",
        leftTitle: "accuracy in %", isPercent: true, limits: 0...1),
      data: DataTable(
        caption: title,
        columns: ["method", "severity", "accuracy in %", "95 % low", "95 % high"], rows: rows))
  }
}
