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
      let retry = try tool.run("bench", plan, "-o", "run", "--dry-run", "--retry-failed")
      #expect(retry.status == 64 && retry.errors.contains("--dry-run changes nothing"))
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

  @Test("A plan is checked with all that it names in one go, and nothing is written")
  func everythingWrong() throws {
    try Tool.withFolder { tool in
      try Data("name: s\nbase: base\ntasks: [{name: cars}]\n".utf8)
        .write(to: URL(filePath: tool.path("suite.yaml")))
      try Data(
        """
        name: p
        suite: suite.yaml
        methods: [tise]
        experiments: [{name: e, severity: 9, corruptions: [fogg]}]
        """.utf8
      ).write(to: URL(filePath: tool.path("plan.yaml")))
      for command in [["bench"], ["worker", "--shard", "0/1", "--plan"]] {
        let outcome = try tool.run(command + ["plan.yaml", "-o", "run"])
        #expect(outcome.status == 2)
        for part in [
          "plan.yaml can't be used:", "plan.yaml:3: methods[0]: unknown name 'tise'",
          "plan.yaml:4: experiments[0].severity: is 9", "did you mean 'fog'?",
          "suite.yaml:2: base: base: no such file or folder",
          "suite.yaml:3: tasks[0].head: heads/cars.safetensors: no such file or folder",
          "suite.yaml:3: tasks[0].expert: ", "suite.yaml:3: tasks[0].images: ",
        ] {
          #expect(outcome.errors.contains(part), "\(part) in \(outcome.errors)")
        }
        #expect(!tool.exists("run"))
      }
    }
  }

  @Test("The printed tables refer to a named baseline; one that the plan lacks is refused")
  func baseline() throws {
    try Tool.withFolder { tool in
      try SmallSuite.write("[task-arithmetic, ties, pretrained]", to: tool)
      let outcome = try tool.run("bench", "plan.yaml", "-o", "run", "--baseline", "ties")
      #expect(outcome.status == 0, "\(outcome.errors)")
      // The column's heading breaks at blanks.
      #expect(outcome.output.contains(/\| +ties\n/) && !outcome.output.contains("t.a."))
      let wrong = try tool.run("bench", "plan.yaml", "-o", "other", "--baseline", "tise")
      #expect(wrong.status == 2 && !tool.exists("other"))
      #expect(
        wrong.errors.contains(
          "plan.yaml: no experiment runs the baseline 'tise'; did you mean 'ties'? the plan has "
            + "task-arithmetic, ties, pretrained"), "\(wrong.errors)")
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
