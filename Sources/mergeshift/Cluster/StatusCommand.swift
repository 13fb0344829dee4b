import ArgumentParser
import Launching

/// `mergeshift status`: how far a run is.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Tell how far a run is: done, running, failed and missing cells of each shard.",
    discussion: """
      The files in the results folder are the truth. Beside it stands what Slurm says of the job, if \
      the run was submitted to it and it answers: a scheduler may call a job completed that never \
      started.
      """)

  @OptionGroup var arguments: RunFolderArguments

  func run() throws {
    try CommandFailure.reporting {
      let (status, submission) = try arguments.status()
      print(status.text)
      if !status.failed.isEmpty { print("\n\(status.gapsText(limit: 5))") }
      guard let submission else { return }
      print("")
      do {
        let tasks = try SlurmClient().tasks(of: submission.job)
        print("Slurm on job \(submission.job):")
        print(tasks.isEmpty ? "knows it no more" : SlurmClient.text(tasks))
      } catch {
        print("Slurm on job \(submission.job): no answer (\(error))")
      }
    }
  }
}
