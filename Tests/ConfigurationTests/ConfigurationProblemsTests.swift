import Configuration
import Testing

@Suite("Problems of a file, collected")
struct ConfigurationProblemsTests {
  private func reader(_ text: String) throws -> ParameterReader {
    try YAMLDocument(text: text, file: "a.yaml").reader()
  }

  @Test("Reading goes on after a value that can't be read, and all problems are told in order")
  func collecting() throws {
    var reader = try reader("steps: many\nrate: 3\nsigma: 1\nseeds: [1, x, y]\n")
    var problems = ConfigurationProblems()
    let steps = problems.value(try reader.int("steps", in: 0...9), default: 5)
    let rate = problems.value(try reader.double("rate", in: 0...9))
    let name = problems.value(try reader.string("name"))
    let seeds = problems.value(try reader.ints("seeds", in: 0...9))
    problems.check { () throws(ConfigurationError) in try reader.finish() }
    #expect(steps == 5 && rate == 3 && name == nil && seeds == nil)
    #expect(
      problems.all.map(\.description) == [
        "a.yaml:1: steps: is 'many'; it must be an integer from 0 to 9",
        "a.yaml:1: name: is missing; it must be a text",
        "a.yaml:4: seeds[1]: is 'x'; it must be an integer from 0 to 9",
        "a.yaml:4: seeds[2]: is 'y'; it must be an integer from 0 to 9",
        "a.yaml:3: unknown key 'sigma'; known keys: steps, rate, name, seeds",
      ])
    #expect(problems.error?.description.split(separator: "\n").count == 5)
  }

  @Test("Without problems there is no error")
  func none() throws {
    var reader = try reader("steps: 3\n")
    var problems = ConfigurationProblems()
    #expect(problems.value(try reader.int("steps", in: 0...9)) == 3)
    problems.check { () throws(ConfigurationError) in try reader.finish() }
    #expect(problems.all.isEmpty && problems.error == nil)
  }

  @Test("Every unknown key is refused, each with its line")
  func unknownKeys() throws {
    var reader = try reader("sgima: 1\nname: a\nnmae: b\n")
    _ = try reader.string("name")
    _ = reader.has("sigma")
    let error = try #require(throws: ConfigurationError.self) { try reader.finish() }
    let lines = error.description.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0] == "a.yaml:1: unknown key 'sgima'; did you mean 'sigma'?")
    #expect(lines[1].hasPrefix("a.yaml:3: unknown key 'nmae'"))
  }

  @Test("Mappings of a list are read beside elements that are none")
  func readers() throws {
    var reader = try reader("steps:\n  - op: a\n  - 3\n  - op: b\n")
    var problems = ConfigurationProblems()
    let readers = reader.readers("steps", &problems)
    #expect(readers.map(\.field) == ["steps[0]", "steps[2]"])
    #expect(
      problems.all.map(\.description)
        == ["a.yaml:3: steps[1]: is '3'; it must be a mapping (key: value)"])
  }
}
