import Foundation
import Merging
import TestSupport
import Testing

@Suite("Trajectories")
struct TrajectoryTests {
  private func trajectory() throws -> Trajectory {
    let set = try ParitySet()
    var run = try AdaMergingRun(AdaMerging(.taskwise), bank: set.bank, encoder: set.encoder)
    let names = [set.batches[0].task: "a,b"]
    for _ in 0..<3 {
      try run.step(set.batches.map { (names[$0.task] ?? "c", $0.head, $0.images) })
    }
    return Trajectory(run.state.trajectory, tasks: ["a,b", "c"], experts: ["x", "y"])
  }

  @Test("The table has a row a step, and a column for each number, named after its task")
  func table() throws {
    let lines = try trajectory().csv.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0].hasPrefix("step,loss,\"entropy_a,b\",entropy_c,\"largest_class_share_a,b\","))
    #expect(lines[0].hasSuffix("mean_prediction_entropy_c,coefficient_x,coefficient_y"))
    #expect(lines[3].hasPrefix("3,"))
    #expect(lines[3].split(separator: ",").count == 10)
  }

  @Test("A task without images in a step has empty fields there, and its expert still learns")
  func missing() throws {
    let set = try ParitySet()
    var run = try AdaMergingRun(AdaMerging(.taskwise), bank: set.bank, encoder: set.encoder)
    let first = set.batches[0].task
    for _ in 0..<2 { try run.step(set.batches.filter { $0.task == first }) }
    let steps = run.state.trajectory
    #expect(steps.allSatisfy { $0.tasks == [first] && $0.entropies.count == 1 })
    #expect(steps[1].coefficients.allSatisfy { $0 != 0.3 }, "every expert's coefficient moves")
    let csv = Trajectory(steps, tasks: ["absent", first], experts: ["x", "y"]).csv
    let fields = csv.split(separator: "\n")[1]
      .split(separator: ",", omittingEmptySubsequences: false)
    #expect(fields[2].isEmpty && fields[4].isEmpty && fields[6].isEmpty)
    #expect(Double(fields[3]) == steps[0].entropies[0])
  }

  @Test("Shares of classes lie between one over their number and one")
  func shares() throws {
    for step in try trajectory().steps {
      #expect(step.largestClassShares.count == 2)
      #expect(step.largestClassShares.allSatisfy { $0 >= 1.0 / 7 && $0 <= 1 })
      #expect(step.meanPredictionEntropies.allSatisfy { $0 >= 0 && $0 <= log(7.0) })
      // The entropy is concave: that of the mean is at least the mean of the entropies.
      for (whole, mean) in zip(step.meanPredictionEntropies, step.entropies) {
        #expect(whole >= mean - 1e-6)
      }
    }
  }

  @Test("Both files are written, and a folder that is not there is named")
  func files() throws {
    let folder = try TemporaryFolder()
    let trajectory = try trajectory()
    try trajectory.write(to: folder.path)
    let data = try Data(contentsOf: URL(filePath: "\(folder.path)/trajectory.json"))
    #expect(try JSONDecoder().decode([AdaptationStep].self, from: data) == trajectory.steps)
    #expect(
      try String(contentsOfFile: "\(folder.path)/trajectory.csv", encoding: .utf8)
        == trajectory.csv)
    let error = #expect(throws: MergingError.self) { try trajectory.write(to: "/nowhere") }
    #expect(error?.description.hasPrefix("/nowhere/trajectory.json: can't be written") == true)
  }
}
