/// What the program that started this process promised: one of how many it is.
package struct Launch: Sendable, Equatable {
  /// As users call the program: `mpirun`, `srun`.
  package let launcher: String
  /// The environment's variable that says so.
  package let variable: String
  package let size: Int

  /// The innermost comes first: Open MPI and MPICH start their own daemons by `srun` inside a Slurm
  /// job, whose variables the ranks then see as well.
  private static let launchers = [
    (name: "mpirun of Open MPI", variable: "OMPI_COMM_WORLD_SIZE"),
    (name: "mpiexec of MPICH", variable: "PMI_SIZE"),
    (name: "srun", variable: "SLURM_STEP_NUM_TASKS"),
  ]

  /// - Parameter environment: of the process.
  /// - Returns: nil if no launcher started it.
  package init?(_ environment: [String: String]) {
    for (name, variable) in Self.launchers {
      if let size = environment[variable].flatMap({ Int($0) }) {
        (launcher, self.variable, self.size) = (name, variable, size)
        return
      }
    }
    return nil
  }
}
