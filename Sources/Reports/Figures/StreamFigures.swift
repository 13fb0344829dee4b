/// What a method that adapted to one shift does under another: the adapt by evaluate matrices of
/// crossed studies, and the matrices and forgetting of continual ones.
package enum StreamFigures {
  package static func crossed(_ study: Study, _ maker: inout FigureMaker) -> FigureSection? {
    guard study.kind == .crossed else { return nil }
    let figures = study.mainMethods.compactMap { crossedFigure(study, $0, &maker) }
    guard !figures.isEmpty else { return nil }
    return FigureSection(
      id: "adapt-evaluate", title: "Adapted to one shift, evaluated on another",
      introduction: "Accuracy in percent, the average over tasks. A row is what the coefficients "
        + "were learned on; bold marks the best of each column. Methods that don't adapt stand "
        + "below, for comparison.",
      blocks: [FigureBlock(title: study.title, subtitle: study.subtitle, figures: figures)])
  }

  package static func continual(_ study: Study, _ maker: inout FigureMaker) -> FigureSection? {
    guard study.kind == .continual else { return nil }
    var blocks: [FigureBlock] = []
    let curves = forgettingFigures(study, &maker)
    if !curves.isEmpty {
      blocks.append(
        FigureBlock(
          title: study.title, subtitle: study.subtitle, figures: curves,
          legend: study.mainMethods.filter {
            Forgetting(study, $0, tasks: study.mainTasks) != nil
          }.map { LegendEntry(title: $0.title, style: maker.style($0)) }))
    }
    let matrices = study.mainMethods.compactMap { continualFigure(study, $0, &maker) }
    if !matrices.isEmpty {
      blocks.append(
        FigureBlock(title: "\(study.title): every shift after every phase", figures: matrices))
    }
    guard !blocks.isEmpty else { return nil }
    return FigureSection(
      id: "continual", title: "Continual shift and forgetting",
      introduction: "One adaptation runs through the shifts without a reset. Forgetting is what "
        + "accuracy on earlier shifts has lost since its best, averaged over them, in points; forward "
        + "transfer is the accuracy on shifts still to come minus that of task arithmetic.",
      blocks: blocks)
  }

  private static func crossedFigure(
    _ study: Study, _ method: MethodKey, _ maker: inout FigureMaker
  ) -> Figure? {
    let tasks = study.mainTasks
    func streams(_ method: MethodKey) -> [String] {
      study.rows.filter { $0.place.method == method }.map(\.place.adaptStream).unique
    }
    let adapted = streams(method)
    guard adapted.count > 1 else { return nil }
    var rows = adapted.map { (title: $0.spaced, method: method, stream: $0) }
    for other in study.mainMethods where !other.isReference && streams(other).count == 1 {
      rows.append((other.title, other, streams(other)[0]))
    }
    return matrix(
      study, id: maker.id("adapt-evaluate", study.slug, method.title),
      title: "\(study.title): \(method.title), adapted (rows) and evaluated (columns)",
      rowTitle: "adapted to", rows: rows.map(\.title), strongRows: adapted.count
    ) { row, domain in
      study.accuracy(rows[row].method, tasks, domain, adaptStream: rows[row].stream)
    }
  }

  private static func continualFigure(
    _ study: Study, _ method: MethodKey, _ maker: inout FigureMaker
  ) -> Figure? {
    let names = study.phaseNames
    let boundaries = study.boundaries.filter { boundary in
      study.domains.contains {
        study.accuracy(method, study.mainTasks, $0, boundary: boundary) != nil
      }
    }
    guard boundaries.count > 1 else { return nil }
    var rows = boundaries.map { boundary -> (title: String, method: MethodKey, boundary: Int?) in
      let phase = names.indices.contains(boundary - 1) ? ": \(names[boundary - 1].spaced)" : ""
      return ("after \(boundary)\(phase)", method, boundary)
    }
    // Methods that don't adapt have one result for all boundaries.
    for other in study.mainMethods where !other.isReference {
      let isStatic = study.domains.contains {
        study.accuracy(other, study.mainTasks, $0) != nil
      }
      if isStatic { rows.append((other.title, other, nil)) }
    }
    return matrix(
      study, id: maker.id("continual", study.slug, method.title),
      title: "\(study.title): \(method.title) after each phase", rowTitle: "phase",
      rows: rows.map(\.title), strongRows: boundaries.count
    ) { row, domain in
      study.accuracy(rows[row].method, study.mainTasks, domain, boundary: rows[row].boundary)
    }
  }

  private static func matrix(
    _ study: Study, id: String, title: String, rowTitle: String, rows: [String], strongRows: Int,
    value: (Int, DomainKey) -> Estimate?
  ) -> Figure {
    let columns = study.domains.map { study.title($0) }
    let table = rows.indices.map { row in study.domains.map { value(row, $0) } }
    let best = columns.indices.map { column in
      table.prefix(strongRows).compactMap { $0[column]?.value.percentTenths }.max()
    }
    let cells = table.enumerated().map { row, values in
      values.enumerated().map { column, estimate -> HeatMap.Cell in
        guard let estimate else { return HeatMap.Cell(value: nil, text: "–") }
        return HeatMap.Cell(
          value: estimate.value, text: NumberText.percent(estimate.value),
          isStrong: row < strongRows && estimate.value.percentTenths == best[column],
          tip: "\(rows[row]), \(columns[column]): \(NumberText.estimate(estimate)) %")
      }
    }
    let data = zip(rows, table).flatMap { row, values in
      zip(columns, values).map { column, estimate in
        [
          DataTable.Cell.text(row), .text(column), DataTable.percent(estimate?.value),
          DataTable.percent(estimate?.low), DataTable.percent(estimate?.high),
        ]
      }
    }
    return Figure(
      id: id, title: title,
      description: "A matrix of \(rows.count) rows by \(columns.count) evaluated domains; each "
        + "cell holds the accuracy in percent.",
      chart: HeatMap(
        rows: rows, columns: columns, cells: cells, scale: .sequential(nil),
        scaleTitle: "accuracy in %", isPercent: true),
      data: DataTable(
        caption: title,
        columns: [rowTitle, "evaluated on", "accuracy in %", "95 % low", "95 % high"], rows: data))
  }

  private static func forgettingFigures(_ study: Study, _ maker: inout FigureMaker) -> [Figure] {
    let results = study.mainMethods.compactMap {
      Forgetting(study, $0, tasks: study.mainTasks)
    }
    guard !results.isEmpty else { return [] }
    func figure(
      _ name: String, _ title: String, limits: ClosedRange<Double>?, startsAtZero: Bool,
      value: (Forgetting.Point) -> Double?
    ) -> Figure? {
      var rows: [[DataTable.Cell]] = []
      let series = results.map { result in
        let points = result.points.compactMap { point in
          value(point).map { LineChart.Point(x: Double(point.boundary), y: $0) }
        }
        rows += points.map {
          [.text(result.method.title), DataTable.number($0.x), DataTable.percent($0.y)]
        }
        return LineChart.Series(
          title: result.method.title, style: maker.style(result.method), points: points)
      }.filter { !$0.points.isEmpty }
      guard series.contains(where: { $0.points.count > 1 }) else { return nil }
      let heading = "\(study.title): \(title)"
      return Figure(
        id: maker.id(name, study.slug), title: heading,
        description: "Lines over the number of finished phases for \(series.count) methods, the "
          + "\(study.averageText(study.mainTasks)).",
        chart: LineChart(
          series: series, categories: nil, bottomTitle: "phases over", leftTitle: title,
          isPercent: true, limits: limits, startsAtZero: startsAtZero),
        data: DataTable(caption: heading, columns: ["method", "phases over", title], rows: rows))
    }
    return [
      figure(
        "so-far", "accuracy on shifts so far, in %", limits: 0...1, startsAtZero: false,
        value: \.accuracySoFar),
      figure(
        "forgetting", "forgetting, in points", limits: nil, startsAtZero: true, value: \.forgetting),
      figure(
        "forward", "forward transfer, in points", limits: nil, startsAtZero: true,
        value: \.forwardTransfer),
    ].compactMap { $0 }
  }
}
