import Foundation
import Testing

/// Runs that are told to stop, or are killed, and go on.
@Suite("Stopped runs")
struct StoppedRunTests {
  private static let arguments = ["bench", "plan.yaml", "-o", "out"]

  /// Cells enough for a signal to find the run at work.
  private func prepare(_ tool: Tool) throws {
    try SmallSuite.write(
      "[pretrained, task-arithmetic, ties, adamerging-taskwise]", steps: 20, seeds: 20, to: tool)
  }

  private func cells(_ tool: Tool) throws -> Int {
    try tool.files("out").keys.count { $0.hasPrefix("cells/") && $0.hasSuffix(".json") }
  }

  private func isAtWork(_ tool: Tool, after count: Int = 0) -> Bool {
    (try? cells(tool)) ?? 0 > count
  }

  @Test(
    "The first signal ends the run at its cell and says how to go on; the tables are the same",
    arguments: [SIGINT, SIGTERM, SIGUSR1])
  func firstSignal(signal: Int32) throws {
    try Tool.withFolder { tool in
      try prepare(tool)
      let run = try RunningTool(Self.arguments, in: tool)
      #expect(run.wait { isAtWork(tool) }, "\(run.errorText)")
      run.send(signal)
      #expect(run.end() == (signal == SIGUSR1 ? 75 : 128 + signal), "\(run.errorText)")
      #expect(run.errorText.contains("stopping when this cell is done"))
      #expect(run.errorText.contains("mergeshift bench plan.yaml -o out\n"), "\(run.errorText)")
      let finished = try cells(tool)
      #expect(finished > 0 && finished < 80)
      // The tables are those of the cells that are finished.
      #expect(Set(try RunTables(tool, "out").rows.map { $0.prefix(32) }).count == finished)
      #expect(try tool.run(Self.arguments).status == 0)
      #expect(try tool.run(["bench", "plan.yaml", "-o", "whole"]).status == 0)
      #expect(try RunTables(tool, "out") == RunTables(tool, "whole"))
    }
  }

  @Test("A second signal ends the run at once, and nothing is lost")
  func secondSignal() throws {
    try Tool.withFolder { tool in
      try SmallSuite.write("[adamerging-taskwise]", steps: 100_000, to: tool)
      let run = try RunningTool(Self.arguments, in: tool)
      // A signal between the first message and the cell would end the run before it.
      let hasBegun = try run.wait {
        try run.errorText.contains("cells in")
          && tool.files("out").keys.contains { $0.hasPrefix("gallery/") }
      }
      #expect(hasBegun, "\(run.errorText)")
      run.send(SIGINT)
      #expect(run.wait { run.errorText.contains("stopping when this cell is done") })
      #expect(run.isRunning, "its cell takes long")
      run.send(SIGINT)
      #expect(run.end() == 130, "\(run.errorText)")
      #expect(run.errorText.contains("this goes on with the others"))
      #expect(try cells(tool) == 0)
    }
  }

  @Test("A run that is killed again and again comes to the same tables")
  func kills() throws {
    try Tool.withFolder { tool in
      try prepare(tool)
      var kills = 0
      while kills < 5 {
        let before = try cells(tool)
        let run = try RunningTool(Self.arguments, in: tool)
        guard run.wait(until: { isAtWork(tool, after: before + 3) }), run.isRunning else { break }
        run.send(SIGKILL)
        #expect(run.end() == 128 + SIGKILL)
        kills += 1
      }
      #expect(kills > 1)
      // What a process leaves that is killed while it writes.
      let left = "out/.results.csv.\(UUID().uuidString).tmp"
      try Data("half".utf8).write(to: URL(filePath: tool.path(left)))
      let rest = try tool.run(Self.arguments)
      #expect(rest.status == 0, "\(rest.errors)")
      #expect(try !tool.files("out").keys.contains { $0.hasSuffix(".tmp") })
      #expect(try tool.run(["bench", "plan.yaml", "-o", "whole"]).status == 0)
      let tables = try RunTables(tool, "out")
      #expect(try tables == RunTables(tool, "whole"))
      #expect(tables.rows.count == 160 && Set(tables.rows).count == 160)
    }
  }

  @Test("A second run in the same folder is refused; a killed run leaves the folder free")
  func twoRuns() throws {
    try Tool.withFolder { tool in
      try SmallSuite.write("[adamerging-taskwise]", steps: 100_000, to: tool)
      let run = try RunningTool(Self.arguments, in: tool)
      #expect(run.wait { tool.exists("out/run.lock") }, "\(run.errorText)")
      #expect(run.wait { run.errorText.contains("cells in") })
      let refused = try tool.run(Self.arguments)
      #expect(refused.status == 2)
      #expect(refused.errors.contains("out: another run writes its results there"))
      #expect(run.isRunning, "the first is not disturbed")
      run.send(SIGKILL)
      #expect(run.end() == 128 + SIGKILL)
      #expect(tool.exists("out/run.lock"), "what is left of the lock")
      let next = try tool.run(Self.arguments + ["--steps", "1"])
      #expect(next.status == 0, "\(next.errors)")
    }
  }

  @Test(
    "The wall clock may go backwards", .enabled(if: PreloadedLibrary.isSupported))
  func clock() throws {
    try Tool.withFolder { tool in
      try SmallSuite.write("[ties, adamerging-taskwise]", to: tool)
      #expect(try tool.run(Self.arguments).status == 0)
      let outcome = try tool.run(
        ["bench", "plan.yaml", "-o", "back"],
        variables: ["LD_PRELOAD": PreloadedLibrary.backwardsClock.path])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try RunTables(tool, "back") == RunTables(tool, "out"))
    }
  }

  @Test("A log that can't be written does not end the run")
  func fullLog() throws {
    try Tool.withFolder { tool in
      try SmallSuite.write("[ties]", to: tool)
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/sh")
      let executable = Tool.executable.path(percentEncoded: false)
      shell.arguments = ["-c", "'\(executable)' bench plan.yaml -o out 2>/dev/full"]
      shell.currentDirectoryURL = tool.folder
      shell.environment = Tool.environment
      shell.standardOutput = FileHandle.nullDevice
      try shell.run()
      shell.waitUntilExit()
      #expect(shell.terminationStatus == 0)
      #expect(tool.exists("out/results.csv"))
    }
  }
}
