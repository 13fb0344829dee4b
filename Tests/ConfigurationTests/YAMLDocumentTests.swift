import Configuration
import Foundation
import Testing

@Suite("YAML document")
struct YAMLDocumentTests {
  @Test("Every value knows its line")
  func lines() throws {
    let document = try YAMLDocument(
      text: "# a comment\nname: a\n\nlist:\n  - 1\n  - 2\n", file: "a.yaml")
    #expect(document.root["name"]?.line == 2)
    guard case .sequence(let items) = document.root["list"]?.content else {
      Issue.record("list is not a sequence")
      return
    }
    #expect(items.map(\.line) == [5, 6])
  }

  @Test("A quoted scalar is a text, whatever it looks like")
  func quoted() throws {
    let document = try YAMLDocument(text: "a: \"3\"\nb: 3\nc: ~\nd: \"\"\n", file: "a.yaml")
    #expect(document.root["a"]?.content == .scalar("3", quoted: true))
    #expect(document.root["b"]?.content == .scalar("3", quoted: false))
    #expect(document.root["c"]?.isNull == true)
    #expect(document.root["d"]?.isNull == false)
  }

  @Test(
    "What is not YAML is refused with its line",
    arguments: [
      ("a: 1\nb: [1, 2\n", "a.yaml:3: not valid YAML: "),
      ("a: 1\na: 2\n", "a.yaml:1: not valid YAML: the mapping has 'a' more than once"),
      ("a: 1\nb: 2\n  c: 3\n", "a.yaml:3: not valid YAML: "),
      ("", "a.yaml:1: not valid YAML: the file is empty"),
      ("? [a, b]\n: 1\n", "a.yaml:1: not valid YAML: a key must be a plain word"),
      ("a: 1\n---\nb: 2\n", "a.yaml:2: not valid YAML: "),
    ])
  func syntax(text: String, beginning: String) {
    do {
      _ = try YAMLDocument(text: text, file: "a.yaml")
      Issue.record("no error")
    } catch {
      #expect("\(error)".hasPrefix(beginning), "\(error)")
      #expect(!"\(error)".contains("\n"))
    }
  }

  @Test("A file that can't be read is named with the reason")
  func unreadable() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let missing = folder.appending(path: "missing.yaml").path()
    #expect(throws: ConfigurationError.unreadable(file: missing, reason: "no such file")) {
      try YAMLDocument(contentsOf: missing)
    }
    let binary = folder.appending(path: "binary.yaml")
    try Data([0xFF, 0xFE, 0x00, 0xC3]).write(to: binary)
    #expect(
      throws: ConfigurationError.unreadable(
        file: binary.path(), reason: "it is no text in UTF-8")
    ) { try YAMLDocument(contentsOf: binary.path()) }
  }

  @Test("The top level of a configuration is a mapping")
  func topLevel() {
    #expect(
      throws: ConfigurationError.wrongKind(
        .init(file: "a.yaml", line: 1, field: ""), got: "a list of 2",
        expected: "a mapping (key: value)")
    ) { try YAMLDocument(text: "[1, 2]", file: "a.yaml").reader() }
  }
}

@Suite("Spelling")
struct SpellingTests {
  @Test(
    "A slip of the pen finds its word, and another word finds none",
    arguments: [
      ("sgima", "sigma"), ("Sigma", "sigma"), ("gausian_noise", "gaussian_noise"),
      ("gaussian-noise", "gaussian_noise"), ("colour", nil), ("x", nil),
    ] as [(String, String?)])
  func nearest(name: String, expected: String?) {
    let names = ["sigma", "radius", "gaussian_noise", "impulse_noise"]
    #expect(Spelling.nearest(to: name, in: names) == expected)
  }
}
