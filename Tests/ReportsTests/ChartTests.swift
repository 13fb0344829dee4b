import Foundation
import FoundationXML
import Reports
import SwiftCSV
import TestSupport
import Testing

private let goldens = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "Goldens")

@Suite("Colours")
struct ColorTests {
  @Test("The maps are matplotlib's viridis and PuOr, to within four of 255")
  func maps() throws {
    let table = try CSV<Named>(url: goldens.appending(path: "colormaps.csv"))
    #expect(table.rows.count == 66)
    func channels(_ color: String) -> [Int] {
      (0..<3).map { Int(color.dropFirst(1 + 2 * $0).prefix(2), radix: 16)! }
    }
    for row in table.rows {
      let map = row["map"] == "viridis" ? ColorMap.sequential : .diverging
      let ours = channels(map.color(Double(row["position"]!)!))
      for (own, other) in zip(ours, channels(row["color"]!)) { #expect(abs(own - other) <= 4) }
    }
  }

  @Test("Numbers can be read on every colour of a map: 4.5 to 1", arguments: 0...100)
  func text(percent: Int) {
    for map in [ColorMap.sequential, .diverging] {
      let position = Double(percent) / 100
      #expect(Contrast.ratio(map.color(position), map.textColor(position)) >= 4.5)
    }
  }

  @Test("Lines stand out 3 to 1 and text 4.5 to 1 in both themes")
  func palettes() {
    #expect(abs(Contrast.ratio("#000000", "#ffffff") - 21) < 1e-9)
    for palette in [Palette.light, .dark] {
      for color in palette.series { #expect(Contrast.ratio(color, palette.paper) >= 3, "\(color)") }
      for color in [palette.ink, palette.muted] {
        #expect(Contrast.ratio(color, palette.paper) >= 4.5, "\(color)")
      }
      #expect(Set(palette.series).count == palette.series.count)
    }
  }
}

@Suite("Axes and labels")
struct AxisTests {
  @Test(
    "Ticks are round and cover the values",
    arguments: [[0.231, 0.881], [0, 1], [-0.02, 0.11], [3, 3], [0.0001, 0.0004], [-7, 12345]])
  func ticks(values: [Double]) {
    let scale = AxisScale(covering: values)
    #expect(scale.lower <= values.min()! && scale.upper >= values.max()!)
    #expect((3...12).contains(scale.ticks.count))
    let step = scale.ticks[1] - scale.ticks[0]
    let leading = step / pow(10, floor(log10(step) + 1e-9))
    #expect([1, 2, 5, 10].contains { abs($0 - leading) < 1e-6 })
    let texts = scale.ticks.map { NumberText.fixed($0, scale.decimals) }
    #expect(Set(texts).count == texts.count)
  }

  @Test("Shares stay between 0 and 1")
  func limits() {
    let scale = AxisScale(covering: [-0.2, 1.3], limits: 0...1)
    #expect(scale.lower == 0 && scale.upper == 1)
  }

  @Test("Long labels are broken or shortened to what fits")
  func labels() {
    let lines = TextMetrics.wrapped("jpeg compression", to: 80, size: 11, lines: 3)
    #expect(lines == ["jpeg", "compression"])
    let long = String(repeating: "averylongname", count: 5)
    let short = TextMetrics.wrapped(long, to: 60, size: 11, lines: 2)
    #expect(short.count == 1 && short[0].hasSuffix("…"))
    #expect(TextMetrics.width(short[0], size: 11) <= 60)
  }

  @Test("Layers of a block stand under the block's number")
  func blocks() {
    #expect(LayerHeatMap.block(of: "vision_model.encoder.layers.11.mlp.fc1.weight") == "layers.11")
    #expect(LayerHeatMap.block(of: "visual.transformer.resblocks.3.ln_1.bias") == "resblocks.3")
    #expect(LayerHeatMap.block(of: "visual_projection.weight") == "visual_projection")
  }
}

@Suite("Figures")
struct FigureTests {
  /// The text of all `text` elements; throws if `svg` is not XML.
  private func texts(_ svg: String) throws -> [String] {
    let document = try XMLDocument(data: Data(svg.utf8))
    return try document.nodes(forXPath: "//*[local-name()='text']").map { node in
      // Without the tip, a child element.
      (node.children ?? []).filter { $0.kind == .text }.compactMap(\.stringValue).joined()
    }
  }

  @Test("A heat map shows the means of results.csv")
  func heatMap() throws {
    let sample = SampleRun.full()
    let report = try Report(read(sample))
    let figure = try #require(report.figures.first { $0.id.hasPrefix("accuracy-corruptions") })
    let shown = try texts(figure.file)
    for method in ["pretrained", "ties", "adamerging-layerwise"] {
      for (corruption, severity) in [("clean", "0"), ("jpeg_compression", "3")] {
        let values = sample.results.filter {
          $0["experiment"] == "corruptions" && $0["method"] == method
            && $0["corruption"] == corruption && $0["severity"] == severity
        }.map { Double($0["accuracy"]!)! }
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(values.count == 6 && shown.contains(String(format: "%.1f", 100 * mean)))
      }
    }
    #expect(!shown.contains("lambda=0.4"))
  }

  @Test("Every kind of figure is there, alone well-formed, without variables of the page")
  func files() throws {
    let report = try Report(read(.full()))
    #expect(
      report.sections.map(\.id).unique == [
        "heat-maps", "severity", "paired", "coefficients", "entropy", "collapse", "reliability",
        "adapt-evaluate", "continual",
      ])
    #expect(Set(report.figures.map(\.id)).count == report.figures.count)
    for figure in report.figures {
      #expect(try !texts(figure.file).isEmpty, "\(figure.id)")
      #expect(!figure.file.contains("var(") && !figure.data.rows.isEmpty)
      #expect(figure.data.rows.allSatisfy { $0.count == figure.data.columns.count }, "\(figure.id)")
    }
  }

  @Test("No two labels of a heat map's row or column lie over each other")
  func overlaps() throws {
    let report = try Report(read(.full()))
    for figure in report.figures {
      guard let map = figure.chart as? HeatMap else { continue }
      for column in map.columns {
        let widest = map.columns.map { TextMetrics.width($0, size: 10.5) }.max()!
        #expect(TextMetrics.width(column, size: 10.5) <= max(widest, map.width))
      }
      let document = try XMLDocument(data: Data(figure.file.utf8))
      let nodes = try document.nodes(forXPath: "//*[local-name()='text']")
      var boxes: [(left: Double, right: Double, y: Double)] = []
      for node in nodes {
        let element = try #require(node as? XMLElement)
        func number(_ name: String) -> Double {
          Double(element.attribute(forName: name)?.stringValue ?? "") ?? 0
        }
        let text = (node.children ?? []).filter { $0.kind == .text }
          .compactMap(\.stringValue).joined()
        let width = TextMetrics.width(text, size: number("font-size"))
        let anchor = element.attribute(forName: "text-anchor")?.stringValue ?? "start"
        let left = number("x") - (anchor == "middle" ? width / 2 : anchor == "end" ? width : 0)
        let y = number("y")
        #expect(left >= -1 && left + width <= map.width + 1, "\(figure.id): \(text)")
        #expect(
          !boxes.contains {
            abs($0.y - y) < 8 && $0.left < left + width - 2 && left < $0.right - 2
          },
          "\(figure.id): \(text)")
        boxes.append((left, left + width, y))
      }
    }
  }

  @Test("Reliability bins of several cells are added up by their images")
  func pooling() throws {
    let run = try read(.full(seeds: [0]))[0]
    let bins = Dictionary(grouping: run.reliability, by: \.cell)
    let rows = Array(run.results.prefix(2))
    let pooled = ReliabilityFigures.pool(rows, bins)
    let parts = rows.map { row in bins[row.cell]!.filter { $0.task == row.task } }
    #expect(pooled.count == 12)
    let last = try #require(pooled.last)
    let (first, second) = (parts[0][14], parts[1][14])
    #expect(last.samples == first.samples + second.samples)
    let correct =
      first.accuracy! * Double(first.samples) + second.accuracy! * Double(second.samples)
    #expect(abs(last.accuracy - correct / Double(last.samples)) < 1e-12)
  }

  @Test("Paired differences are the means over tasks of comparisons.csv")
  func paired() throws {
    let run = try read(.full(seeds: [0]))[0]
    let rows = run.comparisons.filter {
      $0.experiment == "corruptions" && $0.method == "ties" && $0.corruption == "clean"
    }
    #expect(rows.count == 3)
    let estimate = try #require(PairedFigures.estimates(of: rows).first?.estimate)
    #expect(abs(estimate.value - rows.map(\.difference).reduce(0, +) / 3) < 1e-12)
    #expect(abs(estimate.low! - (estimate.value - 0.04 / 3.0.squareRoot())) < 1e-9)
  }

  @Test("The online accuracy counts right answers from the first step on")
  func running() throws {
    let runs = try read(.full(seeds: [0]))
    let study = try #require(Study.studies(of: runs).first { $0.experiment == "online" })
    let adaptation = try #require(
      AdaptationRun.all(
        of: study, steps: Dictionary(grouping: runs[0].steps, by: \.cell), coefficients: [:]
      ).first)
    let accuracy = adaptation.runningAccuracy
    let all = adaptation.steps
    let correct = all.compactMap(\.onlineCorrect).reduce(0, +)
    #expect(accuracy.count == 40)
    #expect(accuracy[39] == Double(correct) / Double(all.compactMap(\.onlineSamples).reduce(0, +)))
  }

  @Test("Long runs are thinned for the eye, with their first and last step")
  func thinning() {
    let thinned = AdaptationRun.thinned(Array(0..<1000), to: 120)
    #expect(thinned.count == 120 && thinned.first == 0 && thinned.last == 999)
    #expect(AdaptationRun.thinned([3, 5], to: 120) == [3, 5])
  }
}
