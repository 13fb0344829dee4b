/// Why work can't be shared out, or a scheduler can't be used.
public enum LaunchingError: Error, Equatable, CustomStringConvertible {
  /// A shard that is not `I/N` with 0 <= I < N and N in `Shard.counts`.
  case invalidShard(String)
  /// Nothing says which shard this is.
  case noShard
  /// The index is known, by this variable, but not of how many.
  case noShardCount(index: String)
  /// Two sources name different shards.
  case contradiction(first: String, second: String)
  /// A variable of the environment that is not the number that it should be.
  case invalidVariable(name: String, value: String)
  /// A file or folder of the run that can't be read or written.
  case file(path: String, reason: String)
  /// A program that isn't there.
  case noProgram(String, remedy: String)
  /// A program that did not do what was asked.
  case programFailed(command: String, status: Int32, message: String)
  /// What a program printed and what was expected.
  case unexpectedOutput(command: String, output: String, expected: String)
  /// An option that a job script can't hold.
  case invalidOption(name: String, value: String, remedy: String)

  public var description: String {
    switch self {
    case .invalidShard(let text):
      "'\(text)' is no shard; write I/N with I from 0 to N - 1, as 0/4, and N up to "
        + "\(Shard.counts.upperBound)"
    case .noShard:
      "nothing says which shard this worker is: give --shard I/N, or run it in a job array with "
        + "--shards N"
    case .noShardCount(let variable):
      "\(variable) says which shard this worker is, but not of how many: give --shards N, or "
        + "--shard I/N"
    case .contradiction(let first, let second):
      "\(first), but \(second); correct one of them, or start the worker without the variables that "
        + "don't mean its shard"
    case .invalidVariable(let name, let value):
      "the environment's \(name) is '\(value)', not a number of 0 or more"
    case .file(let path, let reason): "\(path): \(reason)"
    case .noProgram(let program, let remedy): "\(program) is not installed here; \(remedy)"
    case .programFailed(let command, let status, let message):
      "\(command) ended with code \(status)" + (message.isEmpty ? "" : ": \(message)")
    case .unexpectedOutput(let command, let output, let expected):
      "\(command) printed '\(output)' where \(expected) was expected"
    case .invalidOption(let name, let value, let remedy):
      "\(name) '\(value)' can't stand in a job script; \(remedy)"
    }
  }
}
