import Evaluation
import Foundation
import Launching
import Results

/// `bench --launcher slurm`: writes a job array into the results folder, submits it, and follows it if
/// asked.
struct SlurmLaunch {
  let runner: Runner
  let filter: CellFilter?
  let planPath: String
  let output: String
  let changes: PlanOptions
  let machine: MachineOptions
  let options: LaunchOptions
  /// Of the tables that are printed.
  let baseline: String?

  private var shards: Int { options.shards! }

  /// - Parameter dryRun: print the script, and write and submit nothing.
  func run(dryRun: Bool) throws {
    let manifest = runner.manifest(only: filter)
    let script = script(manifest)
    if dryRun {
      print(try script.text(), terminator: "")
      return
    }
    let folder = runner.store.folder
    // Refused while a run of one machine has the folder; workers that still run may go on.
    let lock = try RunLock(folder, mode: .shared)
    try manifest.begin(in: folder, planText: runner.plan.copy)
    lock.release()
    let left = Set(manifest.cells.map(\.key)).subtracting(runner.store.keys).count
    guard left > 0 else {
      print("all cells are finished")
      return try finish()
    }
    let client = SlurmClient()
    if let last = SlurmSubmission(of: folder),
      let tasks = try? client.tasks(of: last.job).filter(\.isActive), !tasks.isEmpty
    {
      print(
        "job \(last.job) still has \(tasks.count) tasks that run or wait; new ones leave alone what "
          + "those work on")
    }
    let submission = try SlurmSubmission.submitting(script, by: client)
    print("submitted job \(submission.job): \(shards) tasks for \(left) cells")
    print("script: \(SlurmSubmission.scriptPath(in: folder))")
    guard options.wait else {
      print("progress: mergeshift status \(ShellText.quoted(folder))")
      return
    }
    try follow(submission, manifest, client)
    try finish()
  }

  private func script(_ manifest: RunManifest) -> SlurmScript {
    var command = [
      Self.programPath, "worker", "--plan", Self.absolute(planPath),
      "--output", Self.absolute(output),
    ]
    command += changes.arguments + machine.recipes.arguments
    if options.steal { command.append("--steal") }
    var environment: [(name: String, value: String)] = []
    if let home = ProcessInfo.processInfo.environment["MERGESHIFT_HOME"] {
      environment.append(("MERGESHIFT_HOME", Self.absolute(home)))
    }
    return SlurmScript(
      name: "mergeshift-\(manifest.plan)", shards: shards, options: options.slurm,
      output: Self.absolute(output), workingFolder: FileManager.default.currentDirectoryPath,
      environment: environment, command: command, threads: machine.threads)
  }

  /// Shows progress, from the records, until the scheduler has no task of the job left or all cells
  /// are there.
  private func follow(
    _ submission: SlurmSubmission, _ manifest: RunManifest, _ client: SlurmClient
  ) throws {
    let keys = Set(manifest.cells.map(\.key))
    let bar = ProgressBar()
    defer { bar.finish() }
    var hasWarned = false
    while true {
      let done = keys.intersection(runner.store.keys).count
      var text = "\(done) of \(keys.count) cells"
      var isOver = done == keys.count
      do {
        let active = try client.tasks(of: submission.job).filter(\.isActive)
        text += ", \(active.count { $0.state == "RUNNING" }) tasks run"
        isOver = isOver || active.isEmpty
      } catch {
        // Schedulers are restarted and overloaded; the files tell on.
        if !hasWarned { bar.message("Slurm does not answer, going by the files: \(error)") }
        hasWarned = true
      }
      bar.update(Double(done) / Double(max(1, keys.count)), text)
      if isOver { return }
      Thread.sleep(forTimeInterval: 2)
    }
  }

  /// Writes and prints the tables, and tells what has no result.
  private func finish() throws {
    let status = try RunStatus(of: runner.store.folder, shards: shards)
    try RunTables.write(status.rows, to: runner.store)
    for table in BenchCommand.tables(runner.plan, status.rows, baseline: baseline) {
      print("\(table.title)\n\n\(table.text)")
    }
    CollectCommand.tell(status, of: runner.store)
    try CollectCommand.check(status)
  }

  private static var programPath: String {
    Bundle.main.executableURL?.resolvingSymlinksInPath().path(percentEncoded: false)
      ?? CommandLine.arguments[0]
  }

  private static func absolute(_ path: String) -> String {
    var text = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    while text.count > 1, text.hasSuffix("/") { text.removeLast() }
    return text
  }
}

extension RecipeFolderOptions {
  /// The command line that says the same.
  var arguments: [String] {
    recipes.flatMap { ["--recipes", $0] } + (assets.map { ["--assets", $0] } ?? [])
      + (allowExec ? ["--allow-exec"] : []) + limits.arguments
  }
}
