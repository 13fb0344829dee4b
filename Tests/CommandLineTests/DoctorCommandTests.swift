import Foundation
import TestSupport
import Testing

@Suite("mergeshift doctor")
struct DoctorCommandTests {
  @Test("A parity set within tolerance ends with 0 and a line for each error")
  func parity() throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run("doctor", "--parity", ParityGoldens.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let rows = outcome.output.split(separator: "\n").filter { $0.hasSuffix("yes") }
      #expect(rows.count == 39, "\(outcome.output)")
      #expect(
        rows.contains { $0.hasPrefix("trajectories") && $0.contains("adamergingpp.layerwise") })
      #expect(outcome.output.contains("keys' biases"))
    }
  }

  @Test("An error over its tolerance ends with 1 and names quantity and case")
  func overTolerance() throws {
    let folder = try ParityGoldens.copy(scalingLargestOf: "base.task1.logits", by: 1.01)
    try Tool.withFolder { tool in
      let outcome = try tool.run("doctor", "--parity", folder.path)
      #expect(outcome.status == 1)
      #expect(
        outcome.errors.contains("1 of 39 errors are over their tolerance: logits of base"),
        "\(outcome.errors)")
      #expect(outcome.output.contains("NO\n"))
    }
  }

  @Test("A folder that is no parity set ends with 2")
  func noSet() throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run("doctor", "--parity", ".")
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("not a parity set: golden.json can't be read"))
    }
  }

  @Test("A plan whose models and images are all there ends with 0 and its estimates")
  func plan() throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run(
        "doctor",
        Tool.checkout.appending(path: "fixtures/plans/demo.yaml").path(percentEncoded: false))
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("ok       expert of 'vehicles'"), "\(outcome.output)")
      #expect(outcome.output.contains("note     memory"))
      #expect(outcome.output.contains("demo.yaml: all there, "))
    }
  }

  @Test("A plan with nothing there ends with 2 and names everything")
  func emptyPlan() throws {
    try Tool.withFolder { tool in
      try Data("name: s\nbase: base\ntasks: [{name: cars}]\n".utf8)
        .write(to: URL(filePath: tool.path("suite.yaml")))
      try Data("name: p\nsuite: suite.yaml\nexperiments: [{name: e}]\n".utf8)
        .write(to: URL(filePath: tool.path("plan.yaml")))
      let outcome = try tool.run("doctor", "plan.yaml")
      #expect(outcome.status == 2)
      #expect(outcome.errors.hasSuffix("plan.yaml: 4 things are missing or don't fit\n"))
      for subject in ["base model", "expert of 'cars'", "head of 'cars'", "images of 'cars'"] {
        #expect(outcome.output.contains("PROBLEM  \(subject)"), "\(outcome.output)")
      }
    }
  }

  @Test("Either a plan or --parity has to be given")
  func usage() throws {
    try Tool.withFolder { tool in
      for arguments in [
        [], ["plan.yaml", "--parity", "."], ["--parity", ".", "--output", "out"],
      ] {
        let outcome = try tool.run(["doctor"] + arguments)
        #expect(outcome.status == 64, "\(arguments)")
      }
    }
  }
}
