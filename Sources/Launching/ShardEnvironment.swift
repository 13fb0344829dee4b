/// Which shard a worker is, from what its user says and from what its launcher put in the environment:
///
/// | launcher | index | count |
/// | --- | --- | --- |
/// | Slurm array | `SLURM_ARRAY_TASK_ID` less `_MIN`, by `_STEP` | `SLURM_ARRAY_TASK_COUNT` |
/// | Kubernetes Indexed Job | `JOB_COMPLETION_INDEX` | `--shards` |
/// | MPICH, Intel MPI, Slurm's PMI2 | `PMI_RANK` | `PMI_SIZE` |
/// | Open MPI | `OMPI_COMM_WORLD_RANK` | `OMPI_COMM_WORLD_SIZE` |
///
/// A group of one process, as `srun` makes it inside a job of an array, says nothing and is passed
/// over.
public enum ShardEnvironment {
  /// A source's word: who says so, where in its own count, and of how many, if it knows.
  private struct Claim {
    let source: String
    let index: Int
    let count: Int?

    var text: String {
      "\(source) is \(index)" + (count.map { " of \($0)" } ?? "")
    }
  }

  /// The shard of this worker.
  ///
  /// - Parameters:
  ///   - shard: `--shard`, where given. In an array it has to agree with the task's number, so that a
  ///     script does not give all tasks the same shard by mistake.
  ///   - count: `--shards`, where given: the number of shards when the environment says the index. A
  ///     Slurm array may then be a part of the whole one, as when some tasks are submitted again.
  ///   - environment: the process's variables.
  /// - Throws: `noShard`, `noShardCount`, `contradiction`, `invalidVariable`, `invalidShard`.
  public static func shard(
    _ shard: Shard?, count: Int?, environment: [String: String]
  ) throws(LaunchingError) -> Shard {
    if let shard {
      if let count, count != shard.count {
        throw .contradiction(first: "--shard is \(shard)", second: "--shards is \(count)")
      }
      try check(shard, environment)
      return shard
    }
    let claims = try claims(environment, count: count)
    guard let first = claims.first else {
      guard count == 1 else { throw .noShard }
      return Shard(0, of: 1)
    }
    if let other = claims.dropFirst().first(where: {
      $0.index != first.index || ($0.count ?? first.count) != (first.count ?? $0.count)
    }) {
      throw .contradiction(first: first.text, second: other.text)
    }
    guard let total = count ?? first.count ?? claims.compactMap(\.count).first else {
      throw .noShardCount(index: first.source)
    }
    guard first.index < total else {
      throw .contradiction(first: first.text, second: "there are \(total) shards, from 0")
    }
    return try Shard("\(first.index)/\(total)")
  }

  /// What the launchers say, each with more than one process.
  private static func claims(
    _ environment: [String: String], count: Int?
  ) throws(LaunchingError) -> [Claim] {
    func number(_ name: String) throws(LaunchingError) -> Int? {
      guard let text = environment[name], !text.isEmpty else { return nil }
      guard let number = Int(text), number >= 0 else {
        throw .invalidVariable(name: name, value: text)
      }
      return number
    }
    var claims: [Claim] = []
    if let id = try number("SLURM_ARRAY_TASK_ID") {
      if count != nil {
        claims.append(Claim(source: "SLURM_ARRAY_TASK_ID", index: id, count: nil))
      } else {
        let first = try number("SLURM_ARRAY_TASK_MIN") ?? 0
        let step = max(1, try number("SLURM_ARRAY_TASK_STEP") ?? 1)
        let size = try number("SLURM_ARRAY_TASK_COUNT")
        if let size, let last = try number("SLURM_ARRAY_TASK_MAX"),
          (last - first) / step + 1 != size
        {
          throw .noShardCount(index: "SLURM_ARRAY_TASK_ID of a part of an array")
        }
        claims.append(
          Claim(source: "SLURM_ARRAY_TASK_ID", index: (id - first) / step, count: size))
      }
    }
    if let index = try number("JOB_COMPLETION_INDEX") {
      claims.append(Claim(source: "JOB_COMPLETION_INDEX", index: index, count: nil))
    }
    for (rank, size) in [
      ("PMI_RANK", "PMI_SIZE"), ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ] {
      guard let index = try number(rank), let size = try number(size), size > 1 else { continue }
      claims.append(Claim(source: rank, index: index, count: size))
    }
    if let count, let other = claims.first(where: { ($0.count ?? count) != count }) {
      throw .contradiction(first: other.text, second: "--shards is \(count)")
    }
    return claims
  }

  /// Holds a shard that the user gave against the task of the array that runs it.
  private static func check(
    _ shard: Shard, _ environment: [String: String]
  ) throws(LaunchingError) {
    guard let text = environment["SLURM_ARRAY_TASK_ID"], let id = Int(text),
      let count = environment["SLURM_ARRAY_TASK_COUNT"].flatMap({ Int($0) }), count > 1
    else { return }
    let first = environment["SLURM_ARRAY_TASK_MIN"].flatMap { Int($0) } ?? 0
    guard shard.index == id || shard.index == id - first else {
      throw .contradiction(
        first: "--shard is \(shard)", second: "SLURM_ARRAY_TASK_ID is \(id) of \(count)")
    }
  }
}
