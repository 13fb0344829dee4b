import Results
import Statistics
import SwiftCSV
import Testing

@Suite("Comparison table")
struct ComparisonTableTests {
  /// A row of a method that has the images `right` of 40 right.
  private func row(
    _ method: String, right: Range<Int>, options: String = "", isGridPoint: Bool = false,
    seed: UInt64 = 1, samplesHash: String = "images", adaptStream: String = "none",
    boundary: Int? = nil, experiment: String = "clean", seen: String = "digits"
  ) -> ResultRecord {
    let outcomes = OutcomeBits((0..<40).map { right.contains($0) })
    let record = exampleRecord(
      method: method, seed: seed,
      measurements: [exampleMeasurement(outcomes: outcomes, samplesHash: samplesHash)],
      ingredients: ["options": options, "seen": seen, "boundary": "\(boundary ?? 0)"])
    return exampleRow(
      record, experiment: experiment, options: options, isGridPoint: isGridPoint,
      adaptStream: adaptStream, boundary: boundary)
  }

  private func table(_ rows: [ResultRecord]) throws -> [[String: String]] {
    try CSV<Named>(string: ComparisonTable.table.csv(ComparisonTable.comparisons(rows))).rows
  }

  @Test("A method is tested against task arithmetic image by image")
  func paired() throws {
    let rows = [
      row("task-arithmetic", right: 0..<20),
      row("adamerging", right: 10..<38, adaptStream: "clean"),
    ]
    let table = try table(rows)
    #expect(table.count == 1)
    let first = table[0]
    #expect((first["method"], first["baseline"]) == ("adamerging", "task-arithmetic"))
    #expect((first["mcnemar_only_method"], first["mcnemar_only_baseline"]) == ("18", "10"))
    #expect(Double(first["accuracy_difference"]!) == 0.2)
    let outcomes = PairedOutcomes(samples: 40, onlyMethod: 18, onlyBaseline: 10)
    #expect(Double(first["mcnemar_p"]!) == McNemarTest.exactP(outcomes))
    #expect(Double(first["difference_low"]!)! < 0.2 && Double(first["difference_high"]!)! > 0.2)
    #expect(first["cell"] == rows[1].record.key.text)
    #expect(first["baseline_cell"] == rows[0].record.key.text)
    #expect((first["adapt_stream"], first["evaluate_stream"]) == ("clean", "clean"))
  }

  @Test("Where there is a grid, its best point on the seen tasks is a baseline, named an oracle")
  func oracle() throws {
    let rows = [
      row("task-arithmetic", right: 0..<20),
      row("task-arithmetic", right: 0..<30, options: "lambda=0.4", isGridPoint: true),
      row("task-arithmetic", right: 0..<25, options: "lambda=0.5", isGridPoint: true),
      row("ties", right: 0..<22),
    ]
    let table = try table(rows)
    // Task arithmetic against its own best; TIES, without a grid, against both.
    #expect(table.map { $0["method"]! } == ["task-arithmetic", "ties", "ties"])
    #expect(
      table.map { $0["baseline"]! } == [
        "task-arithmetic (best of grid: oracle)", "task-arithmetic",
        "task-arithmetic (best of grid: oracle)",
      ])
    #expect(table.map { $0["baseline_options"]! } == ["lambda=0.4", "", "lambda=0.4"])
    #expect(table.map { $0["mcnemar_only_baseline"]! } == ["10", "0", "8"])
  }

  @Test("If the method as it is is the best of its grid, it is not compared to itself")
  func ownBest() throws {
    let rows = [
      row("task-arithmetic", right: 0..<20),
      row("task-arithmetic", right: 0..<10, options: "lambda=0.4", isGridPoint: true),
    ]
    #expect(try table(rows).isEmpty)
  }

  @Test("Only the same seed, experiment, merged tasks and images are compared")
  func same() throws {
    let method = row("ties", right: 0..<10)
    let others = [
      row("task-arithmetic", right: 0..<20, seed: 2),
      row("task-arithmetic", right: 0..<20, samplesHash: "other images"),
      row("task-arithmetic", right: 0..<20, experiment: "other"),
      row("task-arithmetic", right: 0..<20, seen: "digits,cars"),
      exampleRow(
        exampleRecord(method: "task-arithmetic", failure: "why", ingredients: ["seen": "digits"])),
    ]
    for other in others { #expect(try table([method, other]).isEmpty) }
    #expect(try table([method, row("task-arithmetic", right: 0..<20)]).count == 1)
  }

  @Test("A baseline measured once stands for every boundary of a stream")
  func boundaries() throws {
    let rows = [
      row("task-arithmetic", right: 0..<20),
      row("adamerging", right: 0..<22, boundary: 1), row("adamerging", right: 0..<24, boundary: 2),
    ]
    let table = try table(rows)
    #expect(table.map { $0["boundary"]! } == ["1", "2"])
    #expect(table.map { $0["mcnemar_only_method"]! } == ["2", "4"])
  }
}
