import Foundation
import Testing

@Suite("Command: adapt")
struct AdaptCommandTests {
  private let arguments = [
    "adapt", "--seen", "digits", "--seen", "traffic-signs", "--batches-per-step", "1",
    "--batch-size", "4", "--corruption", "gaussian_noise",
  ]

  private func text(_ tool: Tool, _ name: String) throws -> String {
    try String(contentsOfFile: tool.path(name), encoding: .utf8)
  }

  @Test("An adaptation that was stopped and resumed is bit for bit one that was not")
  func resuming() throws {
    try Tool.withFolder { tool in
      let whole = try tool.run(arguments + ["--steps", "5", "-o", "whole"])
      #expect(whole.status == 0, "\(whole.errors)")
      #expect(!tool.exists("whole/adaptation-state.json"))
      let first = try tool.run(
        arguments + ["--steps", "3", "--checkpoint-every", "2", "-o", "parts"])
      #expect(first.status == 0, "\(first.errors)")
      let rest = try tool.run(arguments + ["--steps", "5", "--resume", "-o", "parts"])
      #expect(rest.status == 0, "\(rest.errors)")
      #expect(rest.errors.contains("going on from step 3 of 5"))
      #expect(rest.errors.contains(/step 5 of 5, loss .*, entropy .*, top class .*%.*s\/step/))
      for name in [
        "model.safetensors", "coefficients.json", "trajectory.json", "trajectory.csv",
      ] {
        let files = try ["whole", "parts"].map {
          try Data(contentsOf: URL(filePath: tool.path("\($0)/\(name)")))
        }
        #expect(files[0] == files[1], "\(name)")
      }
      #expect(try text(tool, "parts/trajectory.csv").split(separator: "\n").count == 6)

      let refused = try tool.run(
        arguments + ["--steps", "5", "--resume", "-o", "parts", "--learning-rate", "0.01"])
      #expect(refused.status == 2)
      #expect(refused.errors.contains("learning_rate was 0.001, is 0.01"), "\(refused.errors)")
      let fewer = try tool.run(arguments + ["--steps", "2", "--resume", "-o", "parts"])
      #expect(fewer.status == 2)
      #expect(fewer.errors.contains("is of step 5, beyond the 2 steps"), "\(fewer.errors)")
    }
  }

  @Test("Options of the method are those of plans")
  func options() throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run(
        arguments + [
          "--method", "adamerging-taskwise", "--option", "entropy_threshold=0.4", "--option",
          "steps=2", "--option", "diversity=0.1", "-o", "out",
        ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try text(tool, "out/trajectory.csv").split(separator: "\n").count == 3)
      let unknown = try tool.run(arguments + ["--option", "diversty=1", "-o", "out"])
      #expect(unknown.status == 2)
      #expect(unknown.errors.contains("diversity"), "\(unknown.errors)")
      for wrong in [["--option", "anchor"], ["--option", "anchor=1", "--option", "anchor=2"]] {
        #expect(try tool.run(arguments + wrong + ["-o", "out"]).status == 64)
      }
    }
  }

  @Test(
    "What can't be resumed ends with code 2",
    arguments: [
      (["--resume"], "adaptation-state.json: can't be read"),
      (["--method", "ties", "--checkpoint-every", "1"], "ties makes no steps"),
      (["--method", "individual"], "makes no single model"),
    ])
  func refused(others: [String], message: String) throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run(arguments + ["--steps", "1", "-o", "out"] + others)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
  }

  #if !MPI
    @Test("One of several processes is refused where the build has no MPI, and writes nothing")
    func launchedWithoutMPI() throws {
      try Tool.withFolder { tool in
        let outcome = try tool.run(
          arguments + ["--steps", "1", "-o", "out"], variables: ["OMPI_COMM_WORLD_SIZE": "2"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("built without MPI"), "\(outcome.errors)")
        #expect(!tool.exists("out"))
      }
    }
  #endif
}
