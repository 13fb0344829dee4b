import ArgumentParser
import Launching

/// How `bench` shares a plan's cells out to the machines of a cluster.
struct LaunchOptions: ParsableArguments {
  enum Launcher: String, CaseIterable, ExpressibleByArgument {
    case slurm
  }

  @Option(help: "Let a cluster's scheduler run the plan: slurm. Default: this machine.")
  var launcher: Launcher?

  @Option(help: "Into how many tasks of the job array the cells are packed.")
  var shards: Int?

  @Flag(help: "A worker that is done takes what others have not begun.")
  var steal = false

  @Flag(help: "Follow the job to its end, and print the tables.")
  var wait = false

  @Option(help: "Slurm's partition.")
  var partition: String?

  @Option(help: "The time limit of a task, as 12:00:00; it goes on in a new one.")
  var time: String?

  @Option(help: "The memory of a task, as 16G.")
  var mem: String?

  @Option(help: "The cores of a task, which are also its threads (default: 1).")
  var cpusPerTask: Int?

  @Option(help: "Generic resources, as Slurm writes them.")
  var gres: String?

  @Option(help: "The account that pays.")
  var account: String?

  @Option(help: "The quality of service.")
  var qos: String?

  @Option(help: "Features that nodes must have.")
  var constraint: String?

  @Option(help: "The most tasks that run at a time.")
  var arrayLimit: Int?

  @Option(
    parsing: .unconditionalSingleValue,
    help: "An option of sbatch's own, as \"--nice=10\"; may be repeated.")
  var sbatch: [String] = []

  private var isEmpty: Bool {
    [partition, time, mem, gres, account, qos, constraint].allSatisfy { $0 == nil }
      && [shards, cpusPerTask, arrayLimit].allSatisfy { $0 == nil } && !steal && !wait
      && sbatch.isEmpty
  }

  func validate() throws {
    guard launcher != nil else {
      guard isEmpty else {
        throw ValidationError("options of a cluster need --launcher slurm")
      }
      return
    }
    guard let shards, Shard.counts.contains(shards) else {
      throw ValidationError(
        "--launcher slurm needs --shards, how many tasks share the cells: from 1 to "
          + "\(Shard.counts.upperBound)")
    }
    guard cpusPerTask ?? 1 > 0, arrayLimit ?? 1 > 0 else {
      throw ValidationError("--cpus-per-task and --array-limit are at least 1")
    }
  }

  var slurm: SlurmOptions {
    var options = SlurmOptions()
    options.partition = partition
    options.time = time
    options.memory = mem
    options.cpusPerTask = cpusPerTask
    options.gres = gres
    options.account = account
    options.qos = qos
    options.constraint = constraint
    options.arrayLimit = arrayLimit
    options.others = sbatch
    return options
  }
}
