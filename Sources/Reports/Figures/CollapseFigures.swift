/// Does a method put everything into one class? The largest share of predictions in a class and
/// the entropy of the mean prediction, worst task by worst task.
package enum CollapseFigures {
  package static func section(_ study: Study, _ maker: inout FigureMaker) -> FigureSection? {
    guard study.kind == .plain else { return nil }
    var figures: [Figure] = []
    if study.rows.contains(where: { $0.row.largestClassShare != nil }) {
      figures.append(
        figure(
          study, id: maker.id("largest-class", study.slug),
          title: "largest share of predictions in one class in %",
          isPercent: true, value: \.largestClassShare, worst: { $0.max() }))
    }
    if study.rows.contains(where: { $0.row.meanPredictionEntropy != nil }) {
      figures.append(
        figure(
          study, id: maker.id("mean-prediction", study.slug),
          title: "entropy of the mean prediction in nats",
          isPercent: false, value: \.meanPredictionEntropy, worst: { $0.min() }))
    }
    guard !figures.isEmpty else { return nil }
    return FigureSection(
      id: "collapse", title: "Collapse",
      introduction: "A model that collapses gives one class to most images: the largest share "
        + "rises (lighter) and the entropy of the mean prediction falls (darker).",
      blocks: [FigureBlock(title: study.title, subtitle: study.subtitle, figures: figures)])
  }

  private static func figure(
    _ study: Study, id: String, title: String, isPercent: Bool,
    value: (ResultRow) -> Double?, worst: ([Double]) -> Double?
  ) -> Figure {
    let methods = study.mainMethods
    // Of one domain, its tasks; of several, the worst task of each.
    let hasDomains = study.domains.count > 1
    let columns = hasDomains ? study.domains.map { study.title($0) } : study.tasks
    func text(_ value: Double) -> String {
      isPercent ? NumberText.percent(value) : NumberText.fixed(value, 2)
    }
    let table = methods.map { method in
      hasDomains
        ? study.domains.map { domain in
          worst(study.tasks.compactMap { study.mean(value, of: method, [$0], domain) })
        } : study.tasks.map { study.mean(value, of: method, [$0], study.domains[0]) }
    }
    let heading = "\(study.title): \(title)" + (hasDomains ? ", of the worst task" : "")
    let rows = methods.flatMap { method in
      study.domains.flatMap { domain in
        study.tasks.map { task in
          let mean = study.mean(value, of: method, [task], domain)
          return [
            DataTable.Cell.text(method.title), .text(study.title(domain)), .text(task),
            isPercent ? DataTable.percent(mean) : DataTable.number(mean),
          ]
        }
      }
    }
    return Figure(
      id: id, title: heading,
      description:
        "A heat map of \(methods.count) methods by \(columns.count) \(hasDomains ? "domains" : "tasks").",
      chart: HeatMap(
        rows: methods.map(\.title), columns: columns,
        cells: table.map {
          $0.map { HeatMap.Cell(value: $0, text: $0.map(text) ?? "–") }
        }, scale: .sequential(isPercent ? 0...1 : nil), scaleTitle: title, isPercent: isPercent),
      data: DataTable(
        caption: heading,
        columns: ["method", "domain", "task", isPercent ? "share in %" : "entropy in nats"],
        rows: rows))
  }
}
