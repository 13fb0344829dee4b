import Testing

@Suite("Command line")
struct HelpTests {
  @Test("Help says what the tool is for")
  func help() throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run("--help")
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("AdaMerging"))
    }
  }

  @Test("A misspelt command is a usage error")
  func usage() throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run("bensh")
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("bensh"))
    }
  }
}
