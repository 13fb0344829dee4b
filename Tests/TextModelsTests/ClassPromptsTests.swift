import Configuration
import Foundation
import Testing
import TextModels

@Suite("Class names and sentences")
struct ClassPromptsTests {
  private func parse(_ text: String) throws -> ClassPrompts {
    try ClassPrompts(YAMLDocument(text: text, file: "weather.yaml"))
  }

  private func problem(_ text: String) throws -> String {
    let error = #expect(throws: ConfigurationError.self) { try parse(text) }
    return error.map { "\($0)" } ?? ""
  }

  @Test("A class is a name, or a name and its text; sentences put it into the templates")
  func sentences() throws {
    let prompts = try parse(
      """
      summary: weather
      templates:
        - a photo of {}.
        - "{} over the city, {}"
      classes:
        - clear_sky
        - rain: pouring rain
        - 07: "7"
      """)
    #expect(prompts.name == "weather")
    #expect(prompts.summary == "weather")
    #expect(prompts.classes.map(\.name) == ["clear_sky", "rain", "07"])
    #expect(prompts.classes.map(\.text) == ["clear sky", "pouring rain", "7"])
    #expect(
      prompts.sentences(of: prompts.classes[1]) == [
        "a photo of pouring rain.", "pouring rain over the city, pouring rain",
      ])
  }

  @Test("The text may be the template alone")
  func bareTemplate() throws {
    let prompts = try parse("templates: '{}'\nclasses: [a, b]")
    #expect(prompts.sentences(of: prompts.classes[0]) == ["a"])
  }

  @Test("Errors name file, line, field and what would be right")
  func failures() throws {
    let start = "templates:\n  - a {}\nclasses:\n"
    #expect(try problem("classes: [a]").contains("templates: is missing"))
    #expect(try problem("templates: []\nclasses: [a]").contains("templates: has no template"))
    #expect(
      try problem("templates:\n  - a {}\n  - it\nclasses: [a]").contains(
        "weather.yaml:3: templates[1]: 'it' has no place for the class; write {} where it goes"))
    #expect(
      try problem("templates: it\nclasses: [a]").contains(
        "weather.yaml:1: templates: 'it' has no place"))
    #expect(
      try problem("templates:\n  - a {}\n  - a {}\nclasses: [a]").contains("'a {}' stands twice"))
    #expect(
      try problem("templates:\n  - {} above\nclasses: [a]").contains("weather.yaml:2"))
    #expect(try problem("templates: a {}").contains("classes: is missing; it must be a list"))
    #expect(
      try problem("templates: a {}\nclasses: a").contains("classes: is 'a'; it must be a list"))
    #expect(try problem("templates: a {}\nclasses: []").contains("classes: has no class"))
    #expect(
      try problem(start + "  - a\n  - a: text\n").contains(
        "weather.yaml:5: classes[1]: class 'a' stands twice"))
    #expect(
      try problem(start + "  - [a, b]\n").contains(
        "weather.yaml:4: classes[0]: is a list of 2; it must be a class name, or 'name: text'"))
    #expect(
      try problem(start + "  - a:\n").contains(
        "weather.yaml:4: classes[0].a: is empty; it must be the class's text"))
    #expect(try problem(start + "  - a: ' '\n").contains("the name or text is empty"))
    #expect(try problem(start + "  - ~\n").contains("classes[0]: is empty"))
    #expect(
      try problem(start + "  - a\ntemplate: b {}\n").contains(
        "weather.yaml:5: unknown key 'template'"))
  }

  private static let heads = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "heads")

  @Test(
    "The project's files are read and have the data sets' classes",
    arguments: [
      ("sun397", 397, "abbey", "youth_hostel"),
      ("cars", 196, "AM General Hummer SUV 2000", "smart fortwo Convertible 2012"),
      ("resisc45", 45, "airplane", "wetland"), ("eurosat", 10, "AnnualCrop", "SeaLake"),
      ("svhn", 10, "0", "9"), ("gtsrb", 43, "00000", "00042"), ("mnist", 10, "0", "9"),
      ("dtd", 47, "banded", "zigzagged"),
    ])
  func projectFiles(name: String, count: Int, first: String, last: String) throws {
    let path = Self.heads.appending(path: "\(name).yaml").path(percentEncoded: false)
    let prompts = try ClassPrompts(contentsOf: path)
    #expect(prompts.classes.count == count)
    #expect(prompts.classes.first?.name == first)
    #expect(prompts.classes.last?.name == last)
    #expect(!prompts.summary.isEmpty)
    #expect(!prompts.source.isEmpty)
    #expect(Set(prompts.classes.map(\.text)).count == count, "texts that differ")
  }
}
