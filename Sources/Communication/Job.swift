/// The job that a process belongs to.
public enum Job {
  /// Joins the job that a launcher started, once in a process; without one, or alone in it, a
  /// process works by itself and needs no MPI.
  ///
  /// - Parameter environment: of the process.
  /// - Throws: `builtWithoutMPI`, `differentSize`: in both cases the processes would not know of each
  ///   other, and all do and write the same.
  public static func join(
    _ environment: [String: String]
  ) throws(CommunicationError) -> any Communicator {
    guard let launch = Launch(environment), launch.size > 1 else { return SingleProcess() }
    #if MPI
      let communicator = MPICommunicator()
      guard communicator.size == launch.size else {
        communicator.finish()
        throw .differentSize(
          launcher: launch.launcher, variable: launch.variable, promised: launch.size,
          found: communicator.size)
      }
      return communicator
    #else
      throw .builtWithoutMPI(
        launcher: launch.launcher, variable: launch.variable, size: launch.size)
    #endif
  }
}
