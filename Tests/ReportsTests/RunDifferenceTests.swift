import Reports
import TestSupport
import Testing

@Suite("Two runs compared")
struct RunDifferenceTests {
  @Test("Cells are matched and sorted by the size of their differences")
  func sorted() throws {
    let first = SampleRun.full(seeds: [0])
    var second = first
    for (row, value) in [(3, 0.9), (10, 0.05)] {
      second.change(row, "accuracy", to: "\(value)")
      second.change(row, "accuracy_low", to: "\(value - 0.05)")
      second.change(row, "accuracy_high", to: "\(value + 0.05)")
    }
    // Provenance may differ.
    second.change(3, "code_version", to: "other")
    let runs = try read(first, second)
    let difference = RunDifference(runs[0], runs[1])
    #expect(difference.cells.count == first.results.count)
    #expect(difference.onlyInFirst == 0 && difference.onlyInSecond == 0)
    let top = difference.cells.prefix(2).map(\.difference.value)
    let expected = [(3, 0.9), (10, 0.05)].map { $1 - Double(first.results[$0]["accuracy"]!)! }
    #expect(top.sorted() == expected.sorted() && abs(top[0]) >= abs(top[1]))
    #expect(difference.cells[2].difference.value == 0)
    #expect(difference.cells.allSatisfy { $0.difference.low! <= $0.difference.value })
    #expect(difference.summary.contains("2 of them different"))
    let report = try Report(runs, compares: true)
    #expect(report.html.contains("id=\"comparison\""))
    #expect(report.differenceFigure != nil)
    #expect(difference.csv.split(separator: "\r\n").count == first.results.count + 1)
  }

  @Test("Cells of one run alone are counted; nothing in common is said")
  func unmatched() throws {
    let first = SampleRun.full(seeds: [0])
    let second = SampleRun.full(seeds: [5])
    let runs = try read(first, second)
    let difference = RunDifference(runs[0], runs[1])
    // The experiments with one seed are the same in both.
    #expect(difference.onlyInFirst == 210 && difference.onlyInSecond == 210)
    var other = SampleRun()
    other.addCell(
      "else", "x", SampleRun.methods[0], corruption: "clean", severity: 0, adapt: "none",
      evaluate: "clean", seed: 0)
    let apart = try read(first, other)
    #expect(RunDifference(apart[0], apart[1]).summary.contains("no measured cell in common"))
    #expect(try Report(apart, compares: true).differenceFigure == nil)
  }

  @Test("A comparison takes two runs")
  func two() throws {
    let runs = try read(.full(seeds: [0]))
    #expect(throws: ReportError.comparisonNeedsTwoRuns(got: 1)) {
      try Report(runs, compares: true)
    }
  }

  @Test("Cells of two runs with the same keys keep their own steps and bins")
  func sameKeys() throws {
    let runs = try read(.full(seeds: [0]), .full(seeds: [0]))
    let alone = try Report([runs[0]])
    let both = try Report(runs)
    func steps(_ report: Report) -> Int {
      report.figures.first { $0.id.hasPrefix("loss-") }!.data.rows.count
    }
    #expect(steps(alone) == steps(both) && both.figures.count == 2 * alone.figures.count)
    func images(_ report: Report) -> [Double] {
      report.figures.filter { $0.id.hasPrefix("reliability") }.prefix(1).flatMap { figure in
        figure.data.rows.map { row in
          guard case .number(let count, _, _) = row[2] else { return -1 }
          return count
        }
      }
    }
    #expect(images(alone) == images(both))
  }
}
