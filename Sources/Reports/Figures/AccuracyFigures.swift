/// Heat maps of methods by tasks or corruptions.
package enum AccuracyFigures {
  package static func section(_ study: Study, _ maker: inout FigureMaker) -> FigureSection? {
    guard study.kind == .plain else { return nil }
    var figures: [Figure] = []
    if study.domains.count == 1 {
      figures.append(tasks(study, study.domains[0], &maker))
    } else {
      figures.append(domains(study, study.mainTasks, "seen", &maker))
      if !study.seen.isEmpty, !study.unseen.isEmpty {
        figures.append(domains(study, study.unseen, "unseen", &maker))
      }
    }
    var blocks = [FigureBlock(title: study.title, subtitle: study.subtitle, figures: figures)]
    let gains = study.tasks.count > 1 ? gains(study, &maker) : []
    if !gains.isEmpty {
      blocks.append(
        FigureBlock(
          title: "\(study.title): gain over \(study.baselineTitle), task by task",
          subtitle: "In points of accuracy; orange is a loss that an average can hide.",
          figures: gains, isFolded: true))
    }
    return FigureSection(
      id: "heat-maps", title: "Methods and corruptions",
      introduction: "Accuracy in percent; lighter is better. The best merged model of each column "
        + "is bold; each task's own expert (individual) is a reference and does not compete.",
      blocks: blocks)
  }

  private static func tasks(
    _ study: Study, _ domain: DomainKey, _ maker: inout FigureMaker
  ) -> Figure {
    var sets = study.seen.map { [$0] }
    var titles = study.seen
    var breaks: Set<Int> = []
    func addAverage(of tasks: [String], _ title: String) {
      guard tasks.count > 1 else { return }
      breaks.insert(sets.count)
      sets.append(tasks)
      titles.append(title)
    }
    addAverage(of: study.seen, study.unseen.isEmpty ? "average" : "seen average")
    if !study.unseen.isEmpty {
      if !sets.isEmpty { breaks.insert(sets.count) }
      sets += study.unseen.map { [$0] }
      titles += study.unseen
      addAverage(of: study.unseen, "unseen average")
    }
    return figure(
      study, id: maker.id("accuracy", study.slug, "tasks"),
      title: "\(study.title): methods by tasks, \(study.title(domain)) images", columns: titles,
      breaks: breaks
    ) { method in sets.map { study.accuracy(method, $0, domain) } }
  }

  private static func domains(
    _ study: Study, _ tasks: [String], _ kind: String, _ maker: inout FigureMaker
  ) -> Figure {
    let corrupted = study.domains.filter { !$0.isClean }
    var titles = study.domains.map { study.title($0) }
    let hasAverage = corrupted.count > 1
    if hasAverage { titles.append("corrupted average") }
    let what = study.averageText(tasks) + (kind == "unseen" ? ", unseen" : "")
    return figure(
      study, id: maker.id("accuracy", study.slug, "corruptions", kind == "unseen" ? kind : ""),
      title: "\(study.title): methods by corruptions, \(what)", columns: titles,
      breaks: hasAverage ? [study.domains.count] : []
    ) { method in
      study.domains.map { study.accuracy(method, tasks, $0) }
        + (hasAverage ? [study.accuracy(method, tasks, over: corrupted)] : [])
    }
  }

  private static func figure(
    _ study: Study, id: String, title: String, columns: [String], breaks: Set<Int>,
    values: (MethodKey) -> [Estimate?]
  ) -> Figure {
    let methods = study.mainMethods
    let table = methods.map(values)
    let best = columns.indices.map { column in
      zip(methods, table).filter { !$0.0.isReference }.compactMap {
        $0.1[column]?.value.percentTenths
      }
      .max()
    }
    let cells = zip(methods, table).map { method, values in
      values.enumerated().map { column, estimate -> HeatMap.Cell in
        guard let estimate else { return HeatMap.Cell(value: nil, text: "–") }
        let isBest = !method.isReference && estimate.value.percentTenths == best[column]
        return HeatMap.Cell(
          value: estimate.value, text: NumberText.percent(estimate.value), isStrong: isBest,
          tip: "\(method.title), \(columns[column]): \(NumberText.estimate(estimate)) %")
      }
    }
    let rows = zip(methods, table).flatMap { method, values in
      zip(columns, values).map { column, estimate in
        [
          DataTable.Cell.text(method.title), .text(column), DataTable.percent(estimate?.value),
          DataTable.percent(estimate?.low), DataTable.percent(estimate?.high),
          DataTable.percent(estimate?.deviation),
        ]
      }
    }
    return Figure(
      id: id, title: title,
      description: "A heat map of \(methods.count) methods by \(columns.count) columns; "
        + "each cell holds the accuracy in percent.",
      chart: HeatMap(
        rows: methods.map(\.title), columns: columns, cells: cells, scale: .sequential(nil),
        scaleTitle: "accuracy in %", isPercent: true, breaks: breaks),
      data: DataTable(
        caption: title,
        columns: [
          "method", "column", "accuracy in %", "95 % low", "95 % high", "std over seeds",
        ], rows: rows))
  }

  private static func gains(_ study: Study, _ maker: inout FigureMaker) -> [Figure] {
    guard let baseline = study.baseline, study.domains.count > 1 else { return [] }
    let methods = study.mainMethods.filter { $0 != baseline && !$0.isReference }
    guard !methods.isEmpty else { return [] }
    return study.tasks.map { task in
      let columns = study.domains.map { study.title($0) }
      let cells = methods.map { method in
        study.domains.map { domain -> HeatMap.Cell in
          guard let value = study.accuracy(method, [task], domain)?.value,
            let reference = study.accuracy(baseline, [task], domain)?.value
          else { return HeatMap.Cell(value: nil, text: "–") }
          let gain = value - reference
          return HeatMap.Cell(value: gain, text: NumberText.signedPercent(gain))
        }
      }
      let title = "\(study.title): gain over \(study.baselineTitle) on \(task)"
      let rows = zip(methods, cells).flatMap { method, cells in
        zip(columns, cells).map { column, cell in
          [DataTable.Cell.text(method.title), .text(column), DataTable.percent(cell.value)]
        }
      }
      return Figure(
        id: maker.id("gain", study.slug, task), title: title,
        description: "Accuracy minus that of \(study.baselineTitle), in points, of "
          + "\(methods.count) methods under \(columns.count) domains.",
        chart: HeatMap(
          rows: methods.map(\.title), columns: columns, cells: cells, scale: .diverging,
          scaleTitle: "points of accuracy", isPercent: true),
        data: DataTable(
          caption: title, columns: ["method", "domain", "gain in points"], rows: rows)
      )
    }
  }
}
