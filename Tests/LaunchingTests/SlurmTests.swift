import Foundation
import Launching
import TestSupport
import Testing

@Suite("Slurm scripts")
struct SlurmScriptTests {
  private func script(
    _ options: SlurmOptions = SlurmOptions(), output: String = "/data/run", threads: Int? = nil
  ) -> SlurmScript {
    SlurmScript(
      name: "mergeshift-demo", shards: 4, options: options, output: output,
      workingFolder: "/home/me/my plans", environment: [("MERGESHIFT_HOME", "/opt/it's")],
      command: ["/bin/mergeshift", "worker", "--plan", "/a plan.yaml"], threads: threads)
  }

  @Test("The whole script, as a person reads it")
  func text() throws {
    var options = SlurmOptions()
    options.partition = "gpu,cpu"
    options.time = "2-12:00:00"
    options.memory = "16G"
    options.cpusPerTask = 8
    options.gres = "gpu:1"
    options.account = "lab"
    options.qos = "low"
    options.constraint = "[rack1|rack2]&fast"
    options.arrayLimit = 2
    options.others = ["--nice=10"]
    #expect(
      try script(options, output: "/data/100% mine").text() == """
        #!/bin/bash
        #SBATCH --job-name=mergeshift-demo
        #SBATCH --array=0-3%2
        #SBATCH --output="/data/100%% mine/slurm/%A_%a.log"
        #SBATCH --open-mode=append
        #SBATCH --requeue
        #SBATCH --signal=B:USR1@60
        #SBATCH --partition=gpu,cpu
        #SBATCH --time=2-12:00:00
        #SBATCH --mem=16G
        #SBATCH --cpus-per-task=8
        #SBATCH --gres=gpu:1
        #SBATCH --account=lab
        #SBATCH --qos=low
        #SBATCH --constraint=[rack1|rack2]&fast
        #SBATCH --nice=10

        # 4 workers share out the cells of one plan; each goes on where an earlier one of its
        # shard stopped. To run some shards again: sbatch --array=3,7 and this file.
        cd '/home/me/my plans' || exit 2
        export MERGESHIFT_HOME='/opt/it'\\''s'
        exec /bin/mergeshift worker --plan '/a plan.yaml' \\
          --threads "${SLURM_CPUS_PER_TASK:-1}" --shard "$SLURM_ARRAY_TASK_ID/4" --requeue

        """)
    #expect(try script(threads: 3).text().contains("--threads 3 "))
  }

  @Test("What could break out of a directive is refused")
  func injection() {
    var options = SlurmOptions()
    options.partition = "a\n#SBATCH --uid=0"
    #expect(throws: LaunchingError.self) { try script(options).text() }
    options.partition = "a\" --uid=0"
    #expect(throws: LaunchingError.self) { try script(options).text() }
    options.partition = nil
    for other in ["--x\nrm -rf /", "nice"] {
      options.others = [other]
      #expect(throws: LaunchingError.self) { try script(options).text() }
    }
    #expect(throws: LaunchingError.self) { try script(output: "/a\nb").text() }
  }

  @Test(
    "A shell reads every word back as it was",
    arguments: [
      "plain", "", "two words", "it's", "$HOME `id` \\ \"q\"", "a;b|c&d", "*", "line\nbreak",
    ])
  func quoting(word: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "printf %s " + ShellText.quoted(word)]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(String(decoding: output, as: UTF8.self) == word)
  }
}

@Suite("Slurm's commands")
struct SlurmClientTests {
  @Test(
    "The job's number is found in what sbatch prints",
    arguments: [("123\n", "123"), ("123;cluster\n", "123"), ("Welcome!\n45\n", "45")])
  func job(output: String, number: String) throws {
    #expect(try SlurmClient.job(output, command: "sbatch") == number)
  }

  @Test("Anything else is refused", arguments: ["", "Submitted batch job 12", ";"])
  func noJob(output: String) {
    #expect(throws: LaunchingError.self) { try SlurmClient.job(output, command: "sbatch") }
  }

  @Test(
    "A submission comes back; one of a number of tasks that can't be is none",
    arguments: [(4, true), (0, false), (-1, false), (.max, false)])
  func submission(shards: Int, isRead: Bool) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      #"{"job": "7", "shards": \#(shards)}"#, to: "slurm/submission.json")
    #expect(
      SlurmSubmission(of: folder.path)
        == (isRead ? SlurmSubmission(job: "7", shards: shards) : nil))
  }

  @Test("Tasks are read from squeue's lines, and shown by state")
  func tasks() {
    let tasks = SlurmClient.tasks(
      """
      3|PENDING||BeginTime
      0|RUNNING|n1|None
      1|RUNNING|n1|None
      2|COMPLETED|n2|None
      N/A|RUNNING|n1|None

      """)
    #expect(tasks.map(\.index) == [0, 1, 2, 3])
    #expect(tasks.map(\.isActive) == [true, true, false, true])
    #expect(
      SlurmClient.text(tasks) == """
        RUNNING on n1: 0, 1
        COMPLETED on n2: 2
        PENDING (BeginTime): 3
        """)
  }

  @Test("A program's output, code and errors come back; one that hangs is ended")
  func programs() throws {
    let outcome = try Program(name: "sh", remedy: "").run(["-c", "echo out; echo err >&2; exit 3"])
    #expect(outcome.status == 3 && outcome.output == "out\n" && outcome.errors == "err\n")
    let error = try #require(throws: LaunchingError.self) {
      try Program(name: "sleep", remedy: "").run(["60"], seconds: 0.2)
    }
    #expect(error.description.contains("no answer"))
    #expect(throws: LaunchingError.noProgram("sh", remedy: "get it")) {
      try Program(name: "sh", remedy: "get it").run([], search: "/nowhere")
    }
  }
}
