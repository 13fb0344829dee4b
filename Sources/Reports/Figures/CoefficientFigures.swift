/// Merging coefficients: where they end, layer by layer, and how they get there.
package enum CoefficientFigures {
  /// More steps than this are thinned out for a chart.
  package static let plottedSteps = 120

  package static func section(
    _ study: Study, _ runs: [AdaptationRun], _ maker: inout FigureMaker
  ) -> FigureSection? {
    var blocks: [FigureBlock] = []
    for method in runs.map(\.method).unique {
      let own = runs.filter { $0.method == method }
      let layerMaps = own.compactMap { layers(study, $0, &maker) }
      let figures =
        [means(study, method, own, &maker)].compactMap { $0 } + layerMaps.prefix(1)
        + own.compactMap { trajectory(study, $0, &maker) }
      guard !figures.isEmpty else { continue }
      blocks.append(
        FigureBlock(
          title: "\(study.title): \(method.title)", subtitle: study.subtitle, figures: figures,
          legend: experts(own).enumerated().map { LegendEntry(title: $1, style: $0) },
          isFolded: !blocks.isEmpty))
      guard layerMaps.count > 1 else { continue }
      blocks.append(
        FigureBlock(
          title: "\(study.title): \(method.title), layers of the other adaptations",
          figures: Array(layerMaps.dropFirst()), isFolded: true))
    }
    guard !blocks.isEmpty else { return nil }
    return FigureSection(
      id: "coefficients", title: "Merging coefficients",
      introduction: "How much of each expert's task vector is added; layer by layer where a method "
        + "learns one for each. The key is of the lines over steps. The first seed.",
      blocks: blocks)
  }

  private static func experts(_ runs: [AdaptationRun]) -> [String] {
    runs.flatMap { $0.steps.filter { $0.coefficient != nil }.map(\.task) }.unique
  }

  private static func means(
    _ study: Study, _ method: MethodKey, _ runs: [AdaptationRun], _ maker: inout FigureMaker
  ) -> Figure? {
    let runs = runs.filter { !$0.coefficients.isEmpty }
    let experts = runs.flatMap { $0.coefficients.map(\.expert) }.unique
    guard !runs.isEmpty, !experts.isEmpty else { return nil }
    let table = runs.map { run in
      experts.map { expert -> Double? in
        let values = run.coefficients.filter { $0.expert == expert }.map(\.coefficient)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
    }
    let title = "\(study.title): \(method.title), coefficients of the experts"
    return Figure(
      id: maker.id("coefficients", study.slug, method.title), title: title,
      description: "A heat map of \(runs.count) adaptations by \(experts.count) experts; each cell "
        + "holds the coefficient at the end, the mean over layers.",
      chart: HeatMap(
        rows: runs.map(\.label), columns: experts,
        cells: table.map {
          $0.map { HeatMap.Cell(value: $0, text: $0.map { NumberText.fixed($0, 3) } ?? "–") }
        },
        scale: .sequential(nil), scaleTitle: "coefficient, mean over layers", isPercent: false),
      data: DataTable(
        caption: title, columns: ["adapted to", "expert", "mean coefficient"],
        rows: zip(runs, table).flatMap { run, values in
          zip(experts, values).map { [.text(run.label), .text($0), DataTable.number($1)] }
        }))
  }

  private static func layers(
    _ study: Study, _ run: AdaptationRun, _ maker: inout FigureMaker
  ) -> Figure? {
    let layers = run.coefficients.map(\.layer).unique
    let experts = run.coefficients.map(\.expert).unique
    guard layers.count > 1 else { return nil }
    let rows = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1, $0) })
    let columns = Dictionary(uniqueKeysWithValues: experts.enumerated().map { ($1, $0) })
    var values = [[Double?]](
      repeating: [Double?](repeating: nil, count: experts.count), count: layers.count)
    for row in run.coefficients { values[rows[row.layer]!][columns[row.expert]!] = row.coefficient }
    let title = "\(study.title): \(run.method.title) adapted to \(run.label), layer by layer"
    return Figure(
      id: maker.id("layers", study.slug, run.method.title, run.label), title: title,
      description: "A heat map of the coefficients of \(layers.count) layers (rows, the first "
        + "above) by \(experts.count) experts.",
      chart: LayerHeatMap(
        layers: layers, experts: experts, values: values, scaleTitle: "coefficient"),
      data: DataTable(
        caption: title, columns: ["layer"] + experts,
        rows: zip(layers, values).map { layer, values in
          [.text(layer)] + values.map { DataTable.number($0) }
        }))
  }

  private static func trajectory(
    _ study: Study, _ run: AdaptationRun, _ maker: inout FigureMaker
  ) -> Figure? {
    let experts = experts([run])
    let shown = AdaptationRun.thinned(run.stepNumbers, to: plottedSteps)
    guard !experts.isEmpty, shown.count > 1 else { return nil }
    let wanted = Set(shown)
    let byExpert = Dictionary(grouping: run.steps.filter { wanted.contains($0.step) }, by: \.task)
    let series = experts.enumerated().map { style, expert in
      LineChart.Series(
        title: expert, style: style,
        points: (byExpert[expert] ?? []).compactMap { row in
          row.coefficient.map { LineChart.Point(x: Double(row.step), y: $0) }
        }.sorted { $0.x < $1.x })
    }
    let title = "\(study.title): \(run.method.title), \(run.label): coefficients over steps"
    return Figure(
      id: maker.id("trajectory", study.slug, run.method.title, run.label), title: title,
      description: "Lines of the mean coefficient of \(experts.count) experts over "
        + "\(run.stepNumbers.count) steps.",
      chart: LineChart(
        series: series, categories: nil, bottomTitle: "step, \(run.label)",
        leftTitle: "mean coefficient", isPercent: false, hasMarkers: false),
      data: LineData.table(title, "step", series, isPercent: false))
  }
}

/// The data of charts of lines over steps.
package enum LineData {
  /// A row a step, a column a line.
  package static func table(
    _ caption: String, _ first: String, _ series: [LineChart.Series], isPercent: Bool
  ) -> DataTable {
    let places = series.flatMap { $0.points.map(\.x) }.unique.sorted()
    let values = series.map { series in
      Dictionary(series.points.map { ($0.x, $0.y) }, uniquingKeysWith: { $1 })
    }
    return DataTable(
      caption: caption, columns: [first] + series.map(\.title),
      rows: places.map { place in
        [DataTable.number(place)]
          + values.map { isPercent ? DataTable.percent($0[place]) : DataTable.number($0[place]) }
      })
  }
}
