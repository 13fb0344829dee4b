/// Why processes can't work together.
public enum CommunicationError: Error, Equatable, CustomStringConvertible {
  case builtWithoutMPI(launcher: String, variable: String, size: Int)
  /// The library that the program is linked with doesn't see the processes that were started.
  case differentSize(launcher: String, variable: String, promised: Int, found: Int)

  public var description: String {
    switch self {
    case .builtWithoutMPI(let launcher, let variable, let size):
      "\(launcher) started \(size) processes (\(variable)), but this mergeshift was built without "
        + "MPI; build it with --traits MPI. To run \(size) adaptations that know nothing of each "
        + "other, unset \(variable)"
    case .differentSize(let launcher, let variable, let promised, let found):
      "\(launcher) started \(promised) processes (\(variable)), but MPI sees \(found): this "
        + "mergeshift was built with another MPI library than the launcher's; start it by the "
        + "launcher of its own library (under Slurm, srun --mpi=pmix or pmi2), or build it with the "
        + "launcher's"
    }
  }
}
