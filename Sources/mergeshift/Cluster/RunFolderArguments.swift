import ArgumentParser
import Launching
import Results

/// Which run is looked at.
struct RunFolderArguments: ParsableArguments {
  @Argument(help: "The results folder.")
  var folder: String

  @Option(help: "The number of shards, to tell whose cells are missing. Default: the last run's.")
  var shards: Int?

  func validate() throws {
    if let shards, !Shard.counts.contains(shards) {
      throw ValidationError("--shards is from 1 to \(Shard.counts.upperBound)")
    }
  }

  /// How far the run is, and how it was last submitted to Slurm, if it was.
  func status() throws(ResultError) -> (status: RunStatus, submission: SlurmSubmission?) {
    let submission = SlurmSubmission(of: folder)
    return (try RunStatus(of: folder, shards: shards ?? submission?.shards), submission)
  }
}
