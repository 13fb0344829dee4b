import Communication
import Testing

@Suite("Joining a job")
struct JobTests {
  @Test(
    "The launcher is known by its variable, the innermost first",
    arguments: [
      (["OMPI_COMM_WORLD_SIZE": "4"], "OMPI_COMM_WORLD_SIZE", 4),
      (["PMI_SIZE": "3"], "PMI_SIZE", 3),
      (["SLURM_STEP_NUM_TASKS": "8", "SLURM_NTASKS": "16"], "SLURM_STEP_NUM_TASKS", 8),
      // mpirun inside a Slurm job, whose own step starts one daemon on each of two machines.
      (["OMPI_COMM_WORLD_SIZE": "64", "SLURM_STEP_NUM_TASKS": "2"], "OMPI_COMM_WORLD_SIZE", 64),
    ])
  func launchers(environment: [String: String], variable: String, size: Int) {
    let launch = Launch(environment)
    #expect(launch?.variable == variable)
    #expect(launch?.size == size)
  }

  @Test("A batch script's own tasks are no step, and nothing was launched")
  func noLauncher() {
    #expect(Launch(["SLURM_NTASKS": "16", "SLURM_JOB_ID": "7"]) == nil)
  }

  @Test("Without a launcher, or alone, a process needs no MPI")
  func alone() throws {
    #expect(try Job.join([:]).size == 1)
    #expect(try Job.join(["PMI_SIZE": "1"]).size == 1)
  }

  #if !MPI
    @Test("Several processes that can't know of each other are refused, with what to do")
    func withoutMPI() throws {
      let error = #expect(throws: CommunicationError.self) {
        try Job.join(["OMPI_COMM_WORLD_SIZE": "4"])
      }
      let text = "\(try #require(error))"
      for part in ["mpirun", "4 processes", "--traits MPI", "unset OMPI_COMM_WORLD_SIZE"] {
        #expect(text.contains(part), "\(text)")
      }
    }
  #endif
}
