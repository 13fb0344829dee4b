import Foundation
import Testing

@Suite("mergeshift bench")
struct BenchCommandTests {
  private let plan = Tool.checkout.appending(path: "fixtures/plans/forget.yaml")
    .path(percentEncoded: false)

  @Test("A dry run says what a plan takes and writes nothing")
  func dryRun() throws {
    try Tool.withFolder { tool in
      let whole = try tool.run("bench", plan, "-o", "run", "--dry-run")
      #expect(whole.status == 0 && whole.errors.isEmpty)
      #expect(whole.output.hasPrefix("forget: 102 cells in 14 units, 102 to compute, about "))
      let part = try tool.run(
        "bench", plan, "-o", "run", "--dry-run", "--only", "method=task-arithmetic,experiment=ramp",
        "--limit", "2", "--threads", "1")
      #expect(part.output.hasPrefix("forget: 2 cells in 2 units, 2 to compute, about "))
      #expect(part.output.hasSuffix("1 threads\n"))
      #expect(!tool.exists("run"))
    }
  }

  @Test("Names that a plan does not have are refused, with the nearest spelling")
  func refusals() throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run(
        "bench", plan, "-o", "run", "--only", "method=task-aritmetic,corruption=fogg")
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("did you mean 'task-arithmetic'?"))
      #expect(outcome.errors.contains("the plan has no 'fogg'"))
      #expect(try tool.run("bench", plan, "-o", "run", "--limit", "0").status == 64)
      #expect(try tool.run("bench", plan, "-o", "run", "--image-memory", "-1").status == 64)
    }
  }

  @Test("A part of a plan runs, and the same command goes on with the rest")
  func part() throws {
    try Tool.withFolder { tool in
      let arguments = [
        "bench", plan, "-o", "run", "--only", "method=task-arithmetic,experiment=recurring",
      ]
      let first = try tool.run(arguments + ["--limit", "1"])
      #expect(first.status == 0 && first.output.contains("1 cells, 1 computed"))
      let second = try tool.run(arguments)
      #expect(second.output.contains("2 cells, 1 computed, 1 found finished"))
      for file in ["results.csv", "steps.csv", "coefficients.csv"] {
        #expect(tool.exists("run/\(file)"))
      }
      #expect(tool.exists("run/gallery/land-cover-motion_blur-3.png"))
    }
  }
}
