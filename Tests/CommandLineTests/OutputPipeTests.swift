import Foundation
import Testing

/// Pipes, which would be waited for without end, where a command keeps what it reads again.
@Suite("Pipes among outputs")
struct OutputPipeTests {
  /// Runs a command to its end, which has to come.
  private func run(_ arguments: [String], _ tool: Tool) throws -> (status: Int32, errors: String) {
    let running = try RunningTool(arguments, in: tool)
    guard !running.wait(until: { false }), !running.isRunning else {
      running.send(SIGKILL)
      _ = running.end()
      return (-1, "\(arguments) did not end; it said: \(running.errorText)")
    }
    return (running.end(), running.errorText)
  }

  private func replaceByPipe(_ path: String) throws {
    try FileManager.default.removeItem(atPath: path)
    guard unsafe mkfifo(path, 0o600) == 0 else { throw POSIXError(.EIO) }
  }

  @Test("Each file and folder of a run is replaced, or refused by name, and nothing is lost")
  func run() throws {
    try Tool.withFolder { tool in
      try SmallSuite.write("[pretrained, adamerging-taskwise]", to: tool)
      let bench = ["bench", "plan.yaml", "-o", "out", "--predictions"]
      #expect(try tool.run(bench).status == 0)
      let expected = try RunTables(tool, "out")
      let paths = try FileManager.default.subpathsOfDirectory(atPath: tool.path("out")).sorted()
      // One cell stands for all.
      let cell = try #require(paths.first { $0.hasPrefix("cells/") && $0.hasSuffix(".json") })
      let chosen = paths.filter { path in
        !path.hasPrefix("cells/") || cell.hasPrefix(path)
          || path.hasPrefix(String(cell.dropLast(".json".count)))
      }
      #expect(chosen.count > 12, "\(chosen)")
      try FileManager.default.moveItem(atPath: tool.path("out"), toPath: tool.path("whole"))
      for path in chosen {
        try? FileManager.default.removeItem(atPath: tool.path("out"))
        try FileManager.default.copyItem(atPath: tool.path("whole"), toPath: tool.path("out"))
        try replaceByPipe(tool.path("out/\(path)"))
        for command in [["report", "out"], ["status", "out"], bench] {
          let outcome = try run(command, tool)
          // What is missing of a run has its own message.
          let names = outcome.errors.contains("out/\(path)") || outcome.errors.contains(path)
          #expect(
            outcome.status == 0 || (outcome.status == 2 && names),
            "\(command) with a pipe at \(path): \(outcome.status) \(outcome.errors)")
          #expect(!outcome.errors.contains("Error error"), "\(outcome.errors)")
        }
        try? FileManager.default.removeItem(atPath: tool.path("out/\(path)"))
        #expect(try tool.run(bench).status == 0, "without the pipe at \(path)")
        #expect(try RunTables(tool, "out") == expected, "\(path)")
      }
    }
  }

  @Test("A manifest of corrupted images is refused, whoever reads it")
  func manifest() throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "images/ring.png")
      try FileManager.default.createDirectory(
        atPath: tool.path("out"), withIntermediateDirectories: true)
      try #require(unsafe mkfifo(tool.path("out/manifest.csv"), 0o600) == 0)
      let corrupt = ["corrupt", "images", "out", "--corruption", "contrast", "--severity", "1"]
      for arguments in [corrupt, ["corruptions", "verify", "--against", "out"]] {
        let outcome = try run(arguments, tool)
        #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
        #expect(
          outcome.errors.contains("out/manifest.csv: can't be read: it is a pipe"),
          "\(outcome.errors)")
      }
    }
  }
}
