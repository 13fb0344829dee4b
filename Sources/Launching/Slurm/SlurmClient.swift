internal import Foundation

/// Slurm's commands, as far as runs need them.
public struct SlurmClient: Sendable {
  private static let remedy =
    "run this where Slurm's commands are, as on a login node, or start workers by hand: "
    + "mergeshift worker --plan PLAN --output DIR --shard I/N"

  /// A task of a job array as `squeue` shows it.
  public struct Task: Hashable, Sendable {
    /// In the array.
    public let index: Int
    /// As `RUNNING`.
    public let state: String
    public let node: String
    /// Why it waits.
    public let reason: String

    /// Whether it runs, or will without anybody's doing.
    public var isActive: Bool {
      ![
        "COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "DEADLINE",
        "BOOT_FAIL", "PREEMPTED",
      ].contains(state)
    }
  }

  public init() {}

  /// Submits a script.
  ///
  /// - Returns: the job's number.
  /// - Throws: `noProgram`, `programFailed` with sbatch's words, `unexpectedOutput`.
  public func submit(script: String) throws(LaunchingError) -> String {
    let arguments = ["--parsable", script]
    let outcome = try Program(name: "sbatch", remedy: Self.remedy).run(arguments)
    let command = ShellText.command(["sbatch"] + arguments)
    guard outcome.status == 0 else {
      throw .programFailed(
        command: command, status: outcome.status, message: Self.trimmed(outcome.errors))
    }
    return try Self.job(outcome.output, command: command)
  }

  /// The job's number from what `sbatch --parsable` prints: `NUMBER` or `NUMBER;CLUSTER`, perhaps
  /// after lines of a site's own.
  package static func job(_ output: String, command: String) throws(LaunchingError) -> String {
    let last = output.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    let number = last.split(separator: ";", omittingEmptySubsequences: false)[0...].first ?? ""
    guard !number.isEmpty, number.allSatisfy(\.isNumber) else {
      throw .unexpectedOutput(
        command: command, output: trimmed(output), expected: "a job's number")
    }
    return String(number)
  }

  /// The tasks of a job array; none if Slurm has forgotten it.
  ///
  /// - Throws: `noProgram`, `programFailed` if the scheduler does not answer.
  public func tasks(of job: String) throws(LaunchingError) -> [Task] {
    let arguments = [
      "--noheader", "--array", "--states=all", "--jobs=\(job)", "--format=%K|%T|%N|%r",
    ]
    let outcome = try Program(name: "squeue", remedy: Self.remedy).run(arguments, seconds: 20)
    guard outcome.status == 0 else {
      if outcome.errors.contains("Invalid job id") { return [] }
      throw .programFailed(
        command: ShellText.command(["squeue"] + arguments), status: outcome.status,
        message: Self.trimmed(outcome.errors))
    }
    return Self.tasks(outcome.output)
  }

  /// Tasks from squeue's lines, in the order of the array.
  package static func tasks(_ output: String) -> [Task] {
    output.split(whereSeparator: \.isNewline).compactMap { line -> Task? in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map {
        trimmed(String($0))
      }
      guard fields.count >= 4, let index = Int(fields[0]) else { return nil }
      return Task(
        index: index, state: fields[1], node: fields[2],
        reason: fields[3...].joined(separator: "|"))
    }.sorted { $0.index < $1.index }
  }

  /// Puts a running job back into the queue; it is ended for that.
  ///
  /// - Throws: `noProgram`, `programFailed`.
  public func requeue(_ job: String) throws(LaunchingError) {
    let outcome = try Program(name: "scontrol", remedy: Self.remedy).run(["requeue", job])
    guard outcome.status == 0 else {
      throw .programFailed(
        command: "scontrol requeue \(job)", status: outcome.status,
        message: Self.trimmed(outcome.errors))
    }
  }

  /// The tasks on a few lines, those of one state, node and reason together.
  public static func text(_ tasks: [Task]) -> String {
    var groups: [(label: String, indices: [Int])] = []
    for task in tasks {
      let reason = ["None", ""].contains(task.reason) ? "" : " (\(task.reason))"
      let label = task.state + (task.node.isEmpty ? reason : " on \(task.node)")
      if let place = groups.firstIndex(where: { $0.label == label }) {
        groups[place].indices.append(task.index)
      } else {
        groups.append((label, [task.index]))
      }
    }
    return groups.map { group in
      let shown = group.indices.prefix(20).map { "\($0)" }.joined(separator: ", ")
      return "\(group.label): \(shown)" + (group.indices.count > 20 ? ", ..." : "")
    }.joined(separator: "\n")
  }

  private static func trimmed(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
