import Foundation
import Testing

/// Models and heads with NaN or infinity among their weights, as a training that diverged leaves them.
@Suite("Models that are not finite", .timeLimit(.minutes(3)))
struct NonFiniteModelTests {
  /// Copies a safetensors file, with NaN in the place of the last four bytes: the end of its last tensor.
  private func copyBroken(_ file: String, to path: String) throws {
    var bytes = try Data(contentsOf: URL(filePath: file))
    // 16-bit floats or 32-bit ones: both NaN.
    bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0xff, 0x7f, 0xff, 0x7f])
    try bytes.write(to: URL(filePath: path))
  }

  /// `broken` and `good`, models, and heads of the same names.
  private func prepare(_ tool: Tool) throws -> String {
    try SmallSuite.write("[task-arithmetic]", to: tool)
    let fixtures = Tool.checkout.appending(path: "fixtures").path(percentEncoded: false)
    try FileManager.default.copyItem(
      atPath: "\(fixtures)/models/base", toPath: tool.path("broken"))
    try copyBroken(
      "\(fixtures)/models/base/model.safetensors", to: tool.path("broken/model.safetensors"))
    try copyBroken("\(fixtures)/heads/digits.safetensors", to: tool.path("head.safetensors"))
    return fixtures
  }

  /// A suite like that of `tool`, with something else in the place of a path.
  private func writeSuite(_ name: String, replacing old: String, by new: String, _ tool: Tool)
    throws
  {
    let text = try String(contentsOfFile: tool.path("suite.yaml"), encoding: .utf8)
    #expect(text.contains(old))
    try Data(text.replacing(old, with: new).utf8).write(to: URL(filePath: tool.path(name)))
    let plan = try String(contentsOfFile: tool.path("plan.yaml"), encoding: .utf8)
    try Data(plan.replacing("suite.yaml", with: name).utf8)
      .write(to: URL(filePath: tool.path("plan-\(name)")))
  }

  @Test("Every command that loads one refuses it with the file and the tensor, and exit code 2")
  func commands() throws {
    try Tool.withFolder { tool in
      let fixtures = try prepare(tool)
      let experts = "\(fixtures)/models/experts"
      try writeSuite("base.yaml", replacing: "\(fixtures)/models/base", by: "broken", tool)
      try writeSuite("expert.yaml", replacing: "\(experts)/digits", by: "broken", tool)
      try writeSuite(
        "head.yaml", replacing: "\(fixtures)/heads/digits.safetensors", by: "head.safetensors", tool
      )
      let merge = ["merge", "--method", "weight-averaging", "--output", "out", "--base"]
      let train = [
        "train", "--tasks", "digits=\(fixtures)/images/digits", "--output", "out", "--base",
        "broken",
      ]
      let commands: [([String], String)] = [
        (["eval", "broken", "--suite", "suite.yaml"], "broken/model.safetensors"),
        (["eval", "\(fixtures)/models/base", "--suite", "base.yaml"], "broken/model.safetensors"),
        (["eval", "\(fixtures)/models/base", "--suite", "head.yaml"], "head.safetensors"),
        (
          ["adapt", "--suite", "expert.yaml", "--steps", "1", "-o", "out"],
          "broken/model.safetensors"
        ),
        (["adapt", "--suite", "head.yaml", "--steps", "1", "-o", "out"], "head.safetensors"),
        (["bench", "plan-base.yaml", "-o", "out"], "broken/model.safetensors"),
        (["bench", "plan-expert.yaml", "-o", "out"], "broken/model.safetensors"),
        (["bench", "plan-head.yaml", "-o", "out"], "head.safetensors"),
        (merge + ["broken", "--expert", "a=\(experts)/digits"], "broken/model.safetensors"),
        (merge + ["\(fixtures)/models/base", "--expert", "a=broken"], "broken/model.safetensors"),
        (train, "broken/model.safetensors"),
      ]
      try FileManager.default.copyItem(atPath: tool.path("broken"), toPath: tool.path("expert"))
      try writeSuite("both.yaml", replacing: "\(fixtures)/models/base", by: "broken", tool)
      let both = try String(contentsOfFile: tool.path("both.yaml"), encoding: .utf8)
      try Data(both.replacing("\(experts)/digits", with: "expert").utf8)
        .write(to: URL(filePath: tool.path("both.yaml")))
      let all = try tool.run(["bench", "plan-both.yaml", "-o", "out"])
      #expect(all.status == 2)
      for file in ["broken", "expert"] {
        #expect(all.errors.contains("\(file)/model.safetensors: tensor '"), "\(all.errors)")
      }
      for (arguments, file) in commands {
        let outcome = try tool.run(arguments)
        #expect(outcome.status == 2, "\(arguments)")
        #expect(outcome.errors.contains("\(file): tensor '"), "\(arguments): \(outcome.errors)")
        #expect(outcome.errors.contains("holds NaN or infinity at "), "\(outcome.errors)")
        #expect(!tool.exists("out/model.safetensors") && !tool.exists("out/results.csv"))
      }
    }
  }
}
