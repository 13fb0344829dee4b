import Foundation
import Testing

@Suite("Command: report")
struct ReportCommandTests {
  private let results = """
    method,backbone,task,seen,corruption,severity,seed,accuracy
    ties,vit,cars,true,clean,0,0,0.5
    task-arithmetic,vit,cars,true,clean,0,0,0.25

    """

  private func write(_ text: String, _ name: String, _ tool: Tool) throws {
    let url = URL(filePath: tool.path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  @Test("Page, tables and figures of a run, inside its folder unless told otherwise")
  func report() throws {
    try Tool.withFolder { tool in
      try write(results, "run/results.csv", tool)
      let outcome = try tool.run("report", "run")
      #expect(outcome.status == 0)
      #expect(outcome.output.hasSuffix("report: run/report/report.html\n"))
      #expect(tool.exists("run/report/tables.md") && tool.exists("run/report/figures"))
      let other = try tool.run("report", "run", "--output", "elsewhere")
      #expect(other.status == 0 && tool.exists("elsewhere/report.html"))
      let page = try String(contentsOfFile: tool.path("elsewhere/report.html"), encoding: .utf8)
      #expect(page.contains("data-v=\"0.5\""))
    }
  }

  @Test("Two runs compared")
  func compare() throws {
    try Tool.withFolder { tool in
      try write(results, "a/results.csv", tool)
      try write(results.replacing("0.25", with: "0.75"), "b/results.csv", tool)
      let outcome = try tool.run("report", "a", "b", "--compare", "-o", "c")
      #expect(outcome.status == 0)
      let table = try String(contentsOfFile: tool.path("c/comparison.csv"), encoding: .utf8)
      let lines = table.split(separator: "\r\n")
      #expect(lines.count == 3 && lines[1].hasSuffix("0.25,0.75,0.5,,"))
      #expect(try tool.run("report", "a", "--compare").status == 64)
    }
  }

  @Test("The tables refer to a named baseline; one that is not there is refused with what is")
  func baseline() throws {
    try Tool.withFolder { tool in
      let shifted = results.replacing("clean,0", with: "fog,3").split(separator: "\n").dropFirst()
      try write(results + shifted.joined(separator: "\n") + "\n", "run/results.csv", tool)
      #expect(try tool.run("report", "run", "--baseline", "ties").status == 0)
      let tables = try String(contentsOfFile: tool.path("run/report/tables.md"), encoding: .utf8)
      #expect(tables.contains("in % of that of ties"))
      let wrong = try tool.run("report", "run", "--baseline", "tise", "-o", "other")
      #expect(wrong.status == 2 && !tool.exists("other"))
      #expect(
        wrong.errors.contains(
          "--baseline: the results have no method 'tise'; they have ties, task-arithmetic"))
    }
  }

  @Test("What can't be used ends with 2 and says where; nothing is written")
  func refused() throws {
    try Tool.withFolder { tool in
      let missing = try tool.run("report", "nowhere")
      #expect(missing.status == 2)
      #expect(missing.errors.contains("nowhere/results.csv: can't be read (no such file)"))
      try write(results.replacing("0.25", with: "25"), "run/results.csv", tool)
      let wrong = try tool.run("report", "run")
      #expect(wrong.status == 2 && !tool.exists("run/report"))
      #expect(wrong.errors.contains("run/results.csv:3: column 'accuracy' holds '25'"))
      #expect(try tool.run("report").status == 64)
    }
  }
}
