import ArgumentParser
import Evaluation
import Foundation
import Launching
import Results

/// `mergeshift worker`: one of several processes that share out a plan over a folder.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker",
    abstract: "Compute one shard of a plan, as one of several workers that share a folder.",
    discussion: """
      Worker I of N computes the cells whose unit's key hashes to I modulo N, except those whose \
      record is in the folder; cells that share an adaptation are one unit. Start as many as you \
      like, where and when you like, and again after they were stopped; then mergeshift collect DIR \
      builds the tables, which the worker that finishes last has done already.

      In a Slurm array, a Kubernetes Indexed Job or an MPI launch the shard is read from the \
      environment. SIGUSR1 and SIGTERM end a worker after the step that it is at; the adaptation goes \
      on in the next one.

      Exit codes: 0 nothing is left to do, 1 some of its cells failed, 2 the plan or the folder can't be \
      used, 75 stopped by SIGUSR1: to be run again.
      """)

  @Option(help: "The plan, a YAML file.")
  var plan: String

  @Option(name: .shortAndLong, help: "The folder for the results, the same for all workers.")
  var output: String

  @Option(
    help: "I/N, which part of how many, I from 0. Default: from the environment.",
    transform: { try Shard($0) })
  var shard: Shard?

  @Option(help: "The number of shards, where the environment knows the index alone.")
  var shards: Int?

  @Flag(help: "When done, take units of others that nobody works on.")
  var steal = false

  @Option(
    help: """
      Seconds after which a unit whose worker gives no sign of life is another's to take. Network \
      file systems may show signs a minute late.
      """)
  var claimTTL = 180.0

  @Option(help: "Seconds that a worker may take to stop before its process ends as it is.")
  var grace = 45.0

  @Option(help: "Seconds of an adaptation after which its state is kept.")
  var keepEvery = 300.0

  @Flag(help: "Inside a Slurm job, when stopped by SIGUSR1: put the job back into the queue.")
  var requeue = false

  @OptionGroup var changes: PlanOptions

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    if let shards, !Shard.counts.contains(shards) {
      throw ValidationError("--shards is from 1 to \(Shard.counts.upperBound)")
    }
    guard claimTTL >= 1, grace >= 0, keepEvery > 0 else {
      throw ValidationError("--claim-ttl is at least 1, --grace at least 0, --keep-every above 0")
    }
  }

  func run() throws {
    machine.apply()
    try CommandFailure.reporting {
      let environment = ProcessInfo.processInfo.environment
      let shard = try ShardEnvironment.shard(shard, count: shards, environment: environment)
      let library = try machine.recipeLibrary()
      let plan = try changes.plan(at: plan, library: library)
      let filter = try changes.filter(of: plan)
      let runner = try Runner(
        plan, library: library, store: changes.store(in: output),
        environment: .current, memoryLimit: changes.imageMemory << 20)
      let lock = try RunLock(output, mode: .shared)
      defer { lock.release() }
      let manifest = runner.manifest(only: filter)
      try manifest.join(in: output, planText: plan.copy)
      var session = WorkerSession(
        runner, manifest: manifest, shard: shard, steals: steal,
        timeToLive: .seconds(claimTTL), grace: .seconds(grace), keepEvery: .seconds(keepEvery),
        requeuedJob: requeue ? environment["SLURM_JOB_ID"] : nil)
      try session.run()
    }
  }
}
