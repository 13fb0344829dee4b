import Foundation
import Testing

@Suite("Commands: worker, status, collect, bench --launcher")
struct ClusterCommandTests {
  private func plan(_ tool: Tool, name: String = "tiny") throws {
    let suite = Tool.checkout.appending(path: "fixtures/suite.yaml").path(percentEncoded: false)
    let text = """
      name: \(name)
      suite: \(suite)
      steps: 2
      batches_per_step: 1
      batch_size: 2
      methods: [pretrained, task-arithmetic, adamerging-taskwise]
      experiments:
        - {name: x, seen: [digits, traffic-signs], corruptions: [clean, contrast]}
      """
    try Data(text.utf8).write(to: URL(filePath: tool.path("plan.yaml")))
  }

  private func worker(
    _ tool: Tool, _ others: String..., variables: [String: String] = [:]
  ) throws -> Tool.Outcome {
    try tool.run(
      ["worker", "--plan", "plan.yaml", "--output", "shared"] + others, variables: variables)
  }

  /// A table without the columns that depend on the machine.
  private func table(_ tool: Tool, _ folder: String) throws -> [[Substring]] {
    let text = try String(contentsOfFile: tool.path("\(folder)/results.csv"), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let machine: Set<Substring> = [
      "seconds", "adaptation_seconds", "seconds_per_step", "peak_memory_bytes", "threads", "blas",
      "cpu_path",
    ]
    let kept = lines[0].indices.filter { !machine.contains(lines[0][$0]) }
    return lines.map { line in kept.map { line[$0] } }
  }

  @Test("Two workers make the table of one machine; the last one writes it")
  func twoWorkers() throws {
    try Tool.withFolder { tool in
      try plan(tool)
      let alone = try tool.run("bench", "plan.yaml", "--output", "alone")
      #expect(alone.status == 0, "\(alone.errors)")

      let first = try worker(tool, "--shard", "0/2")
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output.contains("left to others"), "\(first.output)")
      #expect(!tool.exists("shared/results.csv"))

      let early = try tool.run("collect", "shared")
      #expect(early.status == 1)
      #expect(early.errors.contains("missing, shard 1:"), "\(early.errors)")
      #expect(early.errors.contains("no worker has started"), "\(early.errors)")
      let status = try tool.run("status", "shared")
      #expect(status.status == 0)
      #expect(status.output.contains("6 cells in 6 units, 2 shards"), "\(status.output)")
      #expect(status.output.contains(/0\/2 +[1-5] +0 +0 +0  finished on/), "\(status.output)")

      let second = try worker(tool, "--shard", "1/2")
      #expect(second.status == 0, "\(second.errors)")
      #expect(second.output.contains("6 of 6 cells done"), "\(second.output)")
      #expect(try table(tool, "shared") == table(tool, "alone"))
      #expect(try tool.run("collect", "shared").status == 0)

      let again = try worker(tool, "--shard", "1/2")
      #expect(again.output.contains("0 cells computed"), "\(again.output)")
      // A run on one machine goes on with the workers' records, and is told of like theirs.
      let bench = try tool.run("bench", "plan.yaml", "--output", "shared")
      #expect(bench.output.contains("6 found finished"), "\(bench.output)")
    }
  }

  @Test("One worker that steals does the work of all, its shard from the environment")
  func stealing() throws {
    try Tool.withFolder { tool in
      try plan(tool)
      let outcome = try worker(
        tool, "--steal", variables: ["PMI_RANK": "2", "PMI_SIZE": "3"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        outcome.output.contains(/shard 2\/3: 6 cells computed, [1-6] of them other shards'/),
        "\(outcome.output)")
    }
  }

  @Test("Another plan in the same folder, a run beside, and shards that contradict are refused")
  func refusals() throws {
    try Tool.withFolder { tool in
      try plan(tool)
      #expect(try worker(tool, "--shard", "0/2").status == 0)
      try plan(tool, name: "other")
      let other = try worker(tool, "--shard", "0/2")
      #expect(other.status == 2)
      #expect(other.errors.contains("the plan 'tiny', not 'other'"), "\(other.errors)")

      let none = try worker(tool)
      #expect(none.status == 2)
      #expect(none.errors.contains("--shard I/N"), "\(none.errors)")
      let both = try worker(
        tool, "--shard", "0/2",
        variables: ["SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "2"])
      #expect(both.status == 2)
      #expect(both.errors.contains("SLURM_ARRAY_TASK_ID is 1 of 2"), "\(both.errors)")
      #expect(try worker(tool, "--shard", "2/2").status == 64)
      for command in ["status", "collect"] {
        let outcome = try tool.run(command, "nowhere")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("no plan was run there"))
      }
    }
  }

  @Test("A dry run prints the job script and writes nothing; without Slurm there is a way to go on")
  func slurm() throws {
    try Tool.withFolder { tool in
      try plan(tool)
      let arguments = [
        "bench", "plan.yaml", "--output", "a folder", "--launcher", "slurm", "--shards", "3",
        "--time", "30", "--sbatch", "--nice=3", "--seed", "4",
      ]
      let dry = try tool.run(arguments + ["--dry-run"])
      #expect(dry.status == 0, "\(dry.errors)")
      #expect(dry.output.contains("#SBATCH --array=0-2\n"))
      #expect(dry.output.contains("#SBATCH --nice=3\n"))
      #expect(dry.output.contains("a folder' --seed 4"), "\(dry.output)")
      #expect(!tool.exists("a folder"))
      let without = try tool.run(arguments, variables: ["PATH": "/nowhere"])
      #expect(without.status == 2)
      #expect(without.errors.contains("sbatch is not installed here"), "\(without.errors)")
      for wrong in [
        ["--launcher", "slurm"], ["--shards", "2"], ["--launcher", "slurm", "--shards", "0"],
        ["--launcher", "slurm", "--shards", "2", "--limit", "1"],
      ] {
        #expect(try tool.run(["bench", "plan.yaml", "--output", "o"] + wrong).status == 64)
      }
    }
  }
}
