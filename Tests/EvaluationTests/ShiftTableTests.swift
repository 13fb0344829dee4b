import Evaluation
import Merging
import Results
import Statistics
import Streams
import TensorCore
import TestSupport
import Testing

/// Tables of experiments whose methods have grids, filled with made-up accuracies.
@Suite("Tables of pairs of streams, and of tasks left out")
struct ShiftTableTests {
  private let tiny: TinySuite

  init() throws { tiny = try TinySuite() }

  /// A row for each task of each cell of the plan, with the accuracy that `accuracy` gives.
  private func records(
    _ plan: Plan, _ accuracy: (Cell, String) -> Double?
  ) -> [ResultRecord] {
    plan.cells.flatMap { cell in
      let measured = cell.tasks.compactMap { task in
        accuracy(cell, task).map { measurement(task, seen: cell.seen.contains(task), $0) }
      }
      let record = CellRecord(
        ingredients: ["cell": "\(cell.experiment) \(cell.title) \(cell.adaptText)"],
        outcome: measured.count == cell.tasks.count
          ? .measured(measured) : .failed(reason: "why"),
        adaptationSeconds: 0, seconds: 0,
        provenance: Provenance(
          codeVersion: "", recipeHash: nil, weightsHash: "", dataHash: "", seed: cell.seed,
          blas: "", cpuPath: "", threads: 1))
      return cell.tasks.map { task in
        ResultRecord(
          experiment: cell.experiment, method: cell.method.name,
          methodOptions: cell.method.optionsText, isGridPoint: cell.method.isGridPoint,
          backbone: "b", task: task, seen: cell.seen.contains(task),
          protocolName: cell.protocolName.rawValue, adaptStream: cell.adaptText,
          evaluateStream: cell.evaluate.text, boundary: cell.boundary,
          corruption: cell.evaluate.phase.name, severity: cell.domain?.severity,
          profile: cell.profile, adaptation: "paper", record: record)
      }
    }
  }

  private func measurement(_ task: String, seen: Bool, _ accuracy: Double) -> TaskMeasurement {
    let correct = (0..<1000).map { Double($0) < (1000 * accuracy).rounded() }
    return TaskMeasurement(
      task: task, seen: seen, outcomes: OutcomeBits(correct), samplesHash: "images",
      meanEntropy: 1, negativeLogLikelihood: 1, brierScore: 1, largestPredictedClassShare: 0.5,
      meanPredictionEntropy: 1, entropyLossSpearman: nil,
      reliability: Reliability(confidences: correct.map { _ in 0.5 }, correct: correct))
  }

  @Test("The best of a grid in each column stands below the method, marked as an oracle")
  func oracle() throws {
    let plan = try tiny.plan(
      """
      methods: [task-arithmetic: {grid: {lambda: [0.1, 0.5]}}, adamerging-taskwise]
      experiments: [{name: c, protocol: cross-shift, corruptions: [clean, flat]}]
      """)
    let records = records(plan) { cell, _ in
      switch (cell.method.optionsText, cell.evaluate.text) {
      case ("lambda=0.1", "clean"): 0.75
      case ("lambda=0.5", "flat-3"): 0.5
      default: cell.method.name == "task-arithmetic" ? 0.25 : 0.625
      }
    }
    #expect(
      ShiftTable(plan.experiments[0], records: records).text == """
                                                adapted |               |
        method                                       to | clean  flat-3 | average
        ------------------------------------------------|---------------|--------
        task-arithmetic                            none |  25.0    25.0 |    25.0
        task-arithmetic (best of grid: oracle)     none |  75.0    50.0 |    62.5
        adamerging-taskwise                       clean |  62.5    62.5 |    62.5
        adamerging-taskwise                      flat-3 |  62.5    62.5 |    62.5

        """)
  }

  @Test("Of a method that adapts, the oracle stands for each stream; what failed leaves a gap")
  func adaptiveOracle() throws {
    let plan = try tiny.plan(
      """
      methods: [adamerging-taskwise: {grid: {learning_rate: [0.1]}}]
      experiments: [{name: c, protocol: continual, corruptions: [clean, flat]}]
      """)
    let records = records(plan) { cell, _ in
      if cell.method.isGridPoint { return cell.boundary == 2 ? 0.5 : 0.125 }
      return cell.boundary == 2 && cell.evaluate.text == "clean" ? nil : 0.25
    }
    #expect(
      ShiftTable(plan.experiments[0], records: records).text == """
                                                    adapted |               |
        method                                           to | clean  flat-3 | average
        ----------------------------------------------------|---------------|--------
        adamerging-taskwise                         phase 1 |  25.0    25.0 |    25.0
        adamerging-taskwise                         phase 2 |     -    25.0 |       -
        adamerging-taskwise (best of grid: oracle)  phase 1 |  25.0    25.0 |    25.0
        adamerging-taskwise (best of grid: oracle)  phase 2 |  50.0    50.0 |    50.0

        """)
  }

  @Test("Where tasks are left out, the oracle is chosen on the tasks that were merged")
  func leftOut() throws {
    let plan = try tiny.plan(
      """
      methods: [task-arithmetic: {grid: {lambda: [0.1, 0.5]}}]
      experiments: [{name: u, protocol: unseen, unseen: leave-one-out}]
      """)
    let records = records(plan) { cell, task in
      let isSeen = cell.seen.contains(task)
      switch cell.method.optionsText {
      case "lambda=0.1": return isSeen ? 0.75 : 0.125
      // Best on the task that is left out, which nobody can know.
      case "lambda=0.5": return isSeen ? 0.25 : 1
      default: return 0.5
      }
    }
    let table = LeaveOneOutTable("u", plan.experiments, records: records)
    #expect(table.title == "u: accuracy in % of each task where it is left out")
    #expect(
      table.text == """
        method                                   red  green  blue | average
        ----------------------------------------------------------|--------
        task-arithmetic                         50.0   50.0  50.0 |    50.0
        task-arithmetic (best of grid: oracle)  12.5   12.5  12.5 |    12.5

        """)
  }
}
