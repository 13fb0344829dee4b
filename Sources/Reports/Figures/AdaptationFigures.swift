/// Is entropy a good guide? Loss, entropy and accuracy while a method adapts, and entropy against
/// accuracy where it ended.
package enum AdaptationFigures {
  package static func section(
    _ study: Study, _ runs: [AdaptationRun], _ maker: inout FigureMaker
  ) -> FigureSection? {
    var blocks: [FigureBlock] = []
    if let scatter = scatter(study, &maker) {
      blocks.append(
        FigureBlock(
          title: "\(study.title): entropy and accuracy of every cell", figures: [scatter]))
    }
    var hasSteps = false
    for method in runs.map(\.method).unique {
      let own = runs.filter { $0.method == method && $0.stepNumbers.count > 1 }
      let figures = overSteps(study, method, own, &maker)
      guard !figures.isEmpty else { continue }
      blocks.append(
        FigureBlock(
          title: "\(study.title): \(method.title) over steps", figures: figures,
          legend: own.enumerated().map { LegendEntry(title: $1.label, style: $0) },
          isFolded: hasSteps))
      hasSteps = true
    }
    guard !blocks.isEmpty else { return nil }
    return FigureSection(
      id: "entropy", title: "Entropy, loss and accuracy",
      introduction: "Adaptation lowers entropy without labels; whether accuracy rises with it is "
        + "what these figures show. In each cloud a point is one task under one domain.",
      blocks: blocks)
  }

  private static func scatter(_ study: Study, _ maker: inout FigureMaker) -> Figure? {
    let rows = study.rows.filter {
      !$0.place.method.isGridPoint && $0.row.seed == study.seeds[0] && $0.row.meanEntropy != nil
        && $0.row.accuracy != nil
    }
    guard rows.count > 2 else { return nil }
    let points = rows.map { place, row in
      ScatterChart.Point(
        x: row.meanEntropy!, y: row.accuracy!, style: maker.style(place.method),
        title: "\(place.method.title), \(place.task), \(study.title(place.domain)): "
          + "\(NumberText.short(row.meanEntropy!)) nats, \(NumberText.percent(row.accuracy!)) %")
    }
    let title = "\(study.title): mean entropy and accuracy of every cell"
    return Figure(
      id: maker.id("entropy-accuracy", study.slug), title: title,
      description: "\(points.count) points: mean entropy of the predictions in nats (across) and "
        + "accuracy in percent (up), of the first seed.",
      chart: ScatterChart(
        points: points,
        legend: study.mainMethods.map { LegendEntry(title: $0.title, style: maker.style($0)) },
        bottomTitle: "mean entropy in nats", leftTitle: "accuracy in %", isPercent: true),
      data: DataTable(
        caption: title,
        columns: [
          "method", "task", "domain", "mean entropy in nats", "accuracy in %",
          "Spearman of entropy and loss",
        ],
        rows: rows.map { place, row in
          [
            .text(place.method.title), .text(place.task), .text(study.title(place.domain)),
            DataTable.number(row.meanEntropy), DataTable.percent(row.accuracy),
            DataTable.number(row.entropyLossSpearman),
          ]
        }))
  }

  private static func overSteps(
    _ study: Study, _ method: MethodKey, _ runs: [AdaptationRun], _ maker: inout FigureMaker
  ) -> [Figure] {
    var figures: [Figure] = []
    func add(
      _ name: String, _ title: String, isPercent: Bool, limits: ClosedRange<Double>?,
      values: (AdaptationRun) -> [Int: Double]
    ) {
      let series = runs.enumerated().map { style, run in
        let values = values(run)
        let shown = AdaptationRun.thinned(
          values.keys.sorted(), to: CoefficientFigures.plottedSteps)
        return LineChart.Series(
          title: run.label, style: style,
          points: shown.map { LineChart.Point(x: Double($0), y: values[$0]!) })
      }.filter { $0.points.count > 1 }
      guard !series.isEmpty else { return }
      let heading = "\(study.title): \(method.title), \(title)"
      figures.append(
        Figure(
          id: maker.id(name, study.slug, method.title), title: heading,
          description: "Lines over steps for \(series.count) adaptations.",
          chart: LineChart(
            series: series, categories: nil, bottomTitle: "step", leftTitle: title,
            isPercent: isPercent, limits: limits, hasMarkers: false),
          data: LineData.table(heading, "step", series, isPercent: isPercent)))
    }
    add("loss", "loss in nats", isPercent: false, limits: nil) { $0.means(\.loss) }
    add("entropy", "mean entropy in nats", isPercent: false, limits: nil) {
      $0.means(\.meanEntropy)
    }
    add("online", "accuracy so far in %", isPercent: true, limits: 0...1) { $0.runningAccuracy }
    add("share", "largest class share in %", isPercent: true, limits: 0...1) {
      $0.maxima(\.largestClassShare)
    }
    return figures
  }
}
