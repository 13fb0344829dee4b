/// Reliability diagrams, pooled over tasks and seeds: one of the clean images and one of all
/// corrupted ones for each method.
package enum ReliabilityFigures {
  package static func section(
    _ study: Study, bins: [String: [ReliabilityRow]], _ maker: inout FigureMaker
  ) -> FigureSection? {
    var blocks: [FigureBlock] = []
    for (isClean, name) in [(true, "clean"), (false, "shifted")] {
      let figures = study.mainMethods.compactMap { method -> Figure? in
        let rows = study.rows.filter {
          $0.place.method == method && $0.place.domain.isClean == isClean
        }
        let pooled = pool(rows.map(\.row), bins)
        guard !pooled.isEmpty else { return nil }
        return figure(study, method, name, pooled, &maker)
      }
      guard !figures.isEmpty else { continue }
      blocks.append(
        FigureBlock(
          title: "\(study.title): \(name) images", subtitle: study.subtitle, figures: figures,
          isFolded: !blocks.isEmpty))
    }
    guard !blocks.isEmpty else { return nil }
    return FigureSection(
      id: "reliability", title: "Reliability",
      introduction:
        "Accuracy against confidence, over all tasks together. On the dashed diagonal a "
        + "model is as sure as it is right; below it, it is too sure. The bars below count images.",
      blocks: blocks)
  }

  /// The bins of all of `rows` added up; those without images are left out.
  package static func pool(
    _ rows: [ResultRow], _ bins: [String: [ReliabilityRow]]
  ) -> [ReliabilityChart.Bin] {
    struct Sum {
      var lower = 0.0
      var upper = 0.0
      var samples = 0
      var confidence = 0.0
      var correct = 0.0
    }
    var sums: [Int: Sum] = [:]
    for row in rows {
      for bin in bins[row.cell] ?? [] where bin.task == row.task {
        guard bin.samples > 0, let confidence = bin.meanConfidence, let accuracy = bin.accuracy
        else { continue }
        var sum = sums[bin.bin] ?? Sum()
        (sum.lower, sum.upper) = (bin.lower, bin.upper)
        sum.samples += bin.samples
        sum.confidence += confidence * Double(bin.samples)
        sum.correct += accuracy * Double(bin.samples)
        sums[bin.bin] = sum
      }
    }
    return sums.sorted { $0.key < $1.key }.map { _, sum in
      ReliabilityChart.Bin(
        lower: sum.lower, upper: sum.upper, samples: sum.samples,
        meanConfidence: sum.confidence / Double(sum.samples),
        accuracy: sum.correct / Double(sum.samples))
    }
  }

  private static func figure(
    _ study: Study, _ method: MethodKey, _ name: String, _ bins: [ReliabilityChart.Bin],
    _ maker: inout FigureMaker
  ) -> Figure {
    let total = Double(bins.map(\.samples).reduce(0, +))
    let error = bins.reduce(0) {
      $0 + Double($1.samples) / total * abs($1.accuracy - $1.meanConfidence)
    }
    let title = "\(method.title), \(name)"
    return Figure(
      id: maker.id("reliability", study.slug, method.title, name), title: title,
      description: "Reliability over \(bins.count) bins with images; expected calibration error "
        + "\(NumberText.percent(error)) %.",
      chart: ReliabilityChart(bins: bins, style: maker.style(method)),
      data: DataTable(
        caption: "\(study.title): \(title)",
        columns: ["confidence from", "to", "images", "mean confidence in %", "accuracy in %"],
        rows: bins.map {
          [
            DataTable.number($0.lower), DataTable.number($0.upper),
            DataTable.number(Double($0.samples)), DataTable.percent($0.meanConfidence),
            DataTable.percent($0.accuracy),
          ]
        }))
  }
}
