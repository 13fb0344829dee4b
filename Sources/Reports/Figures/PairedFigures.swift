/// Methods against their baseline on the same images (`comparisons.csv`).
package enum PairedFigures {
  /// - Parameter run: the study's; what it compares under the study's experiment and protocol.
  package static func section(
    _ study: Study, of run: Run, _ maker: inout FigureMaker
  ) -> FigureSection? {
    var blocks: [FigureBlock] = []
    let unseen = unseenResults(of: run)
    func identity(_ row: ComparisonRow) -> Identity {
      Identity(
        row,
        isUnseen: unseen.contains(
          Result(experiment: row.experiment, cell: row.cell, task: row.task)))
    }
    let comparisons = run.comparisons.filter {
      $0.experiment == study.experiment && $0.protocolName == study.protocolName
    }
    let groups = Dictionary(grouping: comparisons, by: identity)
    for identity in comparisons.map(identity).unique {
      let rows = groups[identity]!
      let methods = rows.map { $0.methodTitle }.unique.map { method in
        (method, rows.filter { $0.methodTitle == method })
      }
      let charts = methods.map { estimates(of: $1) }
      // One scale for the merged models; the base model and the experts are far from them.
      let merged = zip(methods, charts).filter { !farMethods.contains($0.0.1[0].method) }
      let covered = merged.map(\.1).joined().flatMap { row in
        [row.estimate.value, row.estimate.low, row.estimate.high].compactMap { $0 }
      }
      let figures = zip(methods, charts).map { method, estimates in
        figure(
          identity, method.0, method.1, estimates,
          farMethods.contains(method.1[0].method) ? [] : covered, &maker)
      }
      guard !figures.isEmpty else { continue }
      blocks.append(
        FigureBlock(
          title: "\(study.title)\(identity.isUnseen ? ", unseen tasks" : ""): against "
            + identity.baseline, subtitle: identity.protocolName,
          figures: figures, isFolded: !blocks.isEmpty))
    }
    guard !blocks.isEmpty else { return nil }
    return FigureSection(
      id: "paired", title: "Is the difference real?",
      introduction: "Accuracy minus the baseline's on the same images, in points, the mean over "
        + "tasks; lines are 95 % intervals (paired bootstrap). A line that does not cross zero is a "
        + "difference that the choice of images does not explain. The data have every task with "
        + "McNemar's exact test.",
      blocks: blocks)
  }

  private static let farMethods: Set<String> = ["pretrained", MethodKey.individual]

  private struct Result: Hashable {
    let experiment, cell, task: String
  }

  /// The results of tasks whose expert is not merged: their means stand apart.
  private static func unseenResults(of run: Run) -> Set<Result> {
    Set(
      run.results.filter { !$0.seen }.map {
        Result(experiment: $0.experiment, cell: $0.cell, task: $0.task)
      })
  }

  private struct Identity: Hashable {
    let experiment, protocolName, baseline: String
    let isUnseen: Bool

    init(_ row: ComparisonRow, isUnseen: Bool) {
      self.isUnseen = isUnseen
      experiment = row.experiment
      protocolName = row.protocolName
      baseline = row.baselineTitle
    }
  }

  /// Of each domain: the mean over tasks, then over seeds.
  package static func estimates(of rows: [ComparisonRow]) -> [(title: String, estimate: Estimate)] {
    rows.map(\.placeTitle).unique.compactMap { place in
      let bySeed = Dictionary(grouping: rows.filter { $0.placeTitle == place }, by: \.seed)
        .sorted { $0.key < $1.key }
        .compactMap { _, rows in
          Estimate.mean(
            independent: rows.map { Estimate($0.difference, low: $0.low, high: $0.high) })
        }
      return Estimate.mean(overSeeds: bySeed).map { (place, $0) }
    }
  }

  private static func figure(
    _ identity: Identity, _ method: String, _ rows: [ComparisonRow],
    _ estimates: [(title: String, estimate: Estimate)], _ covered: [Double],
    _ maker: inout FigureMaker
  ) -> Figure {
    let title = "\(method) minus \(identity.baseline)"
    return Figure(
      id: maker.id(
        "paired", identity.experiment, identity.protocolName, method,
        identity.isUnseen ? "unseen" : ""), title: title,
      description: "Differences in points with 95 % intervals under \(estimates.count) domains: "
        + estimates.map { "\($0.title) \(NumberText.estimate($0.estimate, signed: true))" }
        .joined(separator: "; ") + ".",
      chart: IntervalChart(
        rows: estimates.map {
          IntervalChart.Row(
            title: $0.title, estimate: $0.estimate, style: maker.style(titled: method))
        }, axisTitle: "points of accuracy", covered: covered),
      data: DataTable(
        caption: title,
        columns: [
          "domain", "task", "seed", "images", "difference in points", "95 % low", "95 % high",
          "McNemar's p",
        ],
        rows: rows.map { row in
          [
            .text(row.placeTitle), .text(row.task), .number(Double(row.seed), "\(row.seed)"),
            DataTable.number(row.samples.map(Double.init)),
            .number(row.difference, NumberText.signedPercent(row.difference)),
            row.low.map { .number($0, NumberText.signedPercent($0)) } ?? .empty,
            row.high.map { .number($0, NumberText.signedPercent($0)) } ?? .empty,
            row.pValue.map { .number($0, NumberText.pValue($0)) } ?? .empty,
          ]
        }))
  }
}

extension ComparisonRow {
  package var methodTitle: String {
    MethodKey(name: method, options: methodOptions, isGridPoint: false).title
  }

  /// The best of a grid is named as such; which of its points that is differs from row to row.
  package var baselineTitle: String {
    let isOracle = baseline.hasSuffix("oracle)")
    return MethodKey(name: baseline, options: isOracle ? "" : baselineOptions, isGridPoint: false)
      .title
  }

  /// The evaluated domain, with what it was adapted to where that is another, and the phase.
  package var placeTitle: String {
    let domain = DomainKey(corruption: corruption, severity: severity)
    let name = corruption == DomainKey.mixedName ? evaluateStream.spaced : domain.name.spaced
    var parts = [name]
    let adapted = adaptStream.prefix { $0 != "/" }
    if boundary == nil, !adapted.isEmpty, adapted != "none", adapted != domain.name,
      corruption != DomainKey.mixedName
    {
      parts.append("adapted to \(String(adapted).spaced)")
    }
    if let boundary { parts.append("after phase \(boundary)") }
    return parts.joined(separator: ", ")
  }
}
