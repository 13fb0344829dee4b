/// A job array of workers, as a script that `sbatch` takes and a person can read, change and submit
/// again. The work is packed into a few tasks, since schedulers start a few jobs a second and take
/// arrays of 1,001 by default.
public struct SlurmScript: Hashable, Sendable {
  /// The name of the job.
  public let name: String
  public let shards: Int
  public let options: SlurmOptions
  /// The results folder, absolute; logs go to `slurm/` in it.
  public let output: String
  /// Where the job was submitted, absolute: relative paths in the plan's options start there.
  public let workingFolder: String
  /// Variables that the worker needs.
  public let environment: [Variable]
  /// The worker's command line without its shard and threads, the program first, absolute.
  public let command: [String]
  /// Nil: as many as the task has cores.
  public let threads: Int?

  /// A variable of the environment.
  public struct Variable: Hashable, Sendable {
    let name: String
    let value: String
  }

  public init(
    name: String, shards: Int, options: SlurmOptions, output: String, workingFolder: String,
    environment: [(name: String, value: String)] = [], command: [String], threads: Int? = nil
  ) {
    self.environment = environment.map { Variable(name: $0.name, value: $0.value) }
    self.threads = threads
    self.name = name
    self.shards = shards
    self.options = options
    self.output = output
    self.workingFolder = workingFolder
    self.command = command
  }

  /// Seconds before a time limit at which workers are told to keep what they have.
  static let warningSeconds = 60

  /// The script.
  ///
  /// The worker takes the place of the shell (`exec`), so that signals reach it. `B:USR1` warns it
  /// before the time limit; it saves the adaptation that it is at, asks for a requeue and ends.
  ///
  /// - Throws: `invalidOption` for what a script can't hold.
  public func text() throws(LaunchingError) -> String {
    let limit = options.arrayLimit.map { "%\($0)" } ?? ""
    // Slurm replaces % in file names.
    let logs = output.split(separator: "%", omittingEmptySubsequences: false).joined(
      separator: "%%")
    var lines = ["#!/bin/bash"]
    for directive in [
      try SlurmOptions.directive("job-name", name),
      "--array=0-\(shards - 1)\(limit)",
      try SlurmOptions.directive("output", "\(logs)/slurm/%A_%a.log"),
      "--open-mode=append",
      "--requeue",
      "--signal=B:USR1@\(Self.warningSeconds)",
    ] + (try options.directives()) {
      lines.append("#SBATCH \(directive)")
    }
    lines += [
      "",
      "# \(shards) workers share out the cells of one plan; each goes on where an earlier one of its",
      "# shard stopped. To run some shards again: sbatch --array=3,7 and this file.",
      "cd \(ShellText.quoted(workingFolder)) || exit 2",
    ]
    lines += environment.map { "export \($0.name)=\(ShellText.quoted($0.value))" }
    let threads = threads.map { "\($0)" } ?? "\"${SLURM_CPUS_PER_TASK:-1}\""
    lines += [
      "exec \(ShellText.command(command)) \\",
      "  --threads \(threads) --shard \"$SLURM_ARRAY_TASK_ID/\(shards)\" --requeue",
      "",
    ]
    return lines.joined(separator: "\n")
  }
}
