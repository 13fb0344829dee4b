import Checkpoints
import Evaluation
import Foundation
import Merging
import Results
import TestSupport
import Testing
import VisionModels

@Suite("Weights that overflow in the forward pass")
struct OverflowTests {
  private let tiny: TinySuite
  /// Of the first block's second layer of the MLP, in Hugging Face's names.
  private static let layer = "vision_model.encoder.layers.0.mlp.fc2.weight"

  /// Green's expert has finite weights whose outputs are not.
  init() throws {
    tiny = try TinySuite()
    let path = "\(tiny.path)/models/experts/green"
    var expert = try VisionCheckpoint.load(directory: path)
    let range = try #require(expert.parameters.layout[Self.layer]?.range)
    for index in range { expert.parameters.values[index] = index % 2 == 0 ? 3e38 : -3e38 }
    try expert.write(to: path)
  }

  @Test("Cells that meet them are rows with their reasons, the others go on")
  func failedRows() throws {
    let plan = try tiny.plan(
      """
      steps: 2
      batch_size: 4
      methods: [pretrained, individual, task-arithmetic, adamerging-taskwise, fisher, regmean]
      experiments:
        - {name: overflowing}
        - {name: sound, seen: [red, blue]}
        - {name: online, protocol: online, methods: [adamerging-layerwise]}
      """)
    var runner = try tiny.runner(plan)
    let summary = try runner.run()
    #expect(summary.left == 0)
    for row in summary.records where row.experiment == "sound" || row.method == "pretrained" {
      #expect(row.status == .done, "\(row.method)")
    }
    let failed = summary.records.filter { $0.status == .failed }
    let methods = Set(failed.map(\.method))
    #expect(methods.isSuperset(of: ["individual", "task-arithmetic", "adamerging-taskwise"]))
    #expect(methods.contains("adamerging-layerwise") && methods.contains("fisher"))
    for row in failed {
      let reason = try #require(row.record.failure)
      #expect(reason.contains("NaN or infinite"), "\(reason)")
      #expect(reason.contains("task '") || reason.contains("layer"), "\(reason)")
    }
    func reason(_ method: String) throws -> String {
      try #require(failed.first { $0.method == method }?.record.failure)
    }
    #expect(
      try reason("individual").hasSuffix(
        "task 'green' are NaN or infinite for 10 of 10 images; the first values that are lie behind "
          + Self.layer))
    #expect(
      try reason("adamerging-taskwise").hasSuffix(
        "at step 1; the first values that are lie behind \(Self.layer)"))
    // Not a gap: each has its row in the table, with its reason.
    let table = try String(contentsOfFile: runner.tablePath, encoding: .utf8)
    let lines = table.split(separator: "\r\n").dropFirst()
    #expect(lines.count == summary.records.count)
    #expect(lines.count { $0.contains(",failed,") } == failed.count)
    #expect(lines.count { $0.contains("NaN or infinite") } == failed.count)
    #expect(!table.lowercased().contains(",nan,"))
    // Failures are results: they are not computed again.
    var again = try tiny.runner(plan)
    #expect(try again.run().computed == 0)
  }
}
