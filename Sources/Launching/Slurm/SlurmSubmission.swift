internal import Results

/// A run's last submission to Slurm, kept in its folder: `slurm/submission.json`.
public struct SlurmSubmission: Codable, Hashable, Sendable {
  public let job: String
  public let shards: Int

  public init(job: String, shards: Int) {
    self.job = job
    self.shards = shards
  }

  private static func path(_ results: String) -> String { "\(results)/slurm/submission.json" }

  /// Where a run's job script lies.
  public static func scriptPath(in results: String) -> String { "\(results)/slurm/workers.sbatch" }

  /// The last submission of the run in `results`; nil if there is none.
  public init?(of results: String) {
    guard let submission = try? JSONFile.read(Self.path(results), as: Self.self),
      Shard.counts.contains(submission.shards)
    else { return nil }
    self = submission
  }

  /// Writes the script, submits it and keeps its number.
  ///
  /// - Throws: `invalidOption`, `file`, and what `SlurmClient.submit` throws.
  public static func submitting(
    _ script: SlurmScript, by client: SlurmClient = SlurmClient()
  ) throws(LaunchingError) -> SlurmSubmission {
    let path = scriptPath(in: script.output)
    try write(Array(try script.text().utf8), to: path)
    let submission = SlurmSubmission(
      job: try client.submit(script: path), shards: script.shards)
    let text = #"{"job": "\#(submission.job)", "shards": \#(submission.shards)}"#
    try write(Array(text.utf8), to: Self.path(script.output))
    return submission
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(LaunchingError) {
    do throws(ResultError) {
      try AtomicFile.replace(path, with: bytes)
    } catch {
      throw .file(path: path, reason: "\(error)")
    }
  }
}
