import Configuration
import Testing

private enum Border: String, CaseIterable { case nearest, reflect, wrap }

private func reader(_ text: String) throws -> ParameterReader {
  try YAMLDocument(text: text, file: "a.yaml").reader()
}

/// The message with which `body` fails on `text`.
private func message(_ text: String, _ body: (inout ParameterReader) throws -> Void) -> String {
  do {
    var reader = try reader(text)
    try body(&reader)
    try reader.finish()
    return "no error"
  } catch {
    return "\(error)"
  }
}

@Suite("Parameter reader")
struct ParameterReaderTests {
  @Test("Values come back by name and type")
  func values() throws {
    var reader = try reader(
      """
      name: gaussian_noise
      sigma: .08
      count: 3
      keyed: true
      border: reflect
      sizes: [1, 2]
      rates: [.5, 1e-3]
      single: 7
      tasks: [mnist, "42"]
      inner:
        depth: 2
      steps:
        - op: a
        - op: b
      """)
    #expect(try reader.string("name") == "gaussian_noise")
    #expect(try reader.double("sigma", in: 0...1) == 0.08)
    #expect(try reader.int("count", in: 1...5) == 3)
    #expect(try reader.bool("keyed"))
    #expect(try reader.choice("border", of: Border.self) == .reflect)
    #expect(try reader.ints("sizes", in: 0...9) == [1, 2])
    #expect(try reader.doubles("rates", in: 0...1, count: 2) == [0.5, 1e-3])
    #expect(try reader.ints("single", in: 0...9) == [7])
    #expect(try reader.strings("tasks") == ["mnist", "42"])
    var inner = try reader.reader("inner")
    #expect(inner.field == "inner")
    #expect(try inner.int("depth", in: 0...9) == 2)
    try inner.finish()
    var steps = try reader.readers("steps")
    #expect(steps.map(\.field) == ["steps[0]", "steps[1]"])
    #expect(try steps[1].string("op") == "b")
    try reader.finish()
  }

  @Test("A value that is not there has its default")
  func defaults() throws {
    var reader = try reader("{}")
    #expect(try reader.string("a", default: "x") == "x")
    #expect(try reader.double("b", in: 0...1, default: 0.5) == 0.5)
    #expect(try reader.int("c", in: 0...1, default: 1) == 1)
    #expect(try reader.bool("d", default: true))
    #expect(try reader.choice("e", of: Border.self, default: .wrap) == .wrap)
    #expect(try reader.ints("f", in: 0...1, default: [1]) == [1])
    #expect(try reader.optionalReader("g") == nil)
    try reader.finish()
  }

  @Test("A key that nothing asks for is refused with its line and the nearest spelling")
  func unknownKey() {
    let text = message("name: a\nsgima: 3\n") { reader in
      _ = try reader.string("name")
      _ = try reader.double("sigma", in: 0...9, default: 1)
    }
    #expect(text == "a.yaml:2: unknown key 'sgima'; did you mean 'sigma'?")
    let far = message("name: a\ncolour: 3\n") { reader in _ = try reader.string("name") }
    #expect(far == "a.yaml:2: unknown key 'colour'; known keys: name")
  }

  @Test("A missing key is named with what it must be")
  func missing() {
    let text = message("pipeline:\n  - op: noise\n") { reader in
      var step = try reader.readers("pipeline")[0]
      _ = try step.double("sigma", in: 0...1)
    }
    #expect(
      text == "a.yaml:2: pipeline[0].sigma: is missing; it must be a number from 0 to 1")
  }

  @Test(
    "A number out of its range, infinite or not a number is refused",
    arguments: ["2", "-.5", ".nan", ".inf", "nan", "-inf"])
  func range(number: String) {
    let text = message("x: 1\nsigma: \(number)\n") { reader in
      _ = try reader.double("sigma", in: 0...1)
    }
    #expect(text == "a.yaml:2: sigma: is \(number); it must be a number from 0 to 1")
  }

  @Test("Not even a range without ends admits what is not finite", arguments: [".nan", "-.inf"])
  func finite(number: String) {
    let text = message("shift: \(number)") { reader in
      _ = try reader.double("shift", in: -.infinity ... .infinity)
    }
    #expect(text == "a.yaml:1: shift: is \(number); it must be a finite number")
  }

  @Test(
    "A value of the wrong kind is shown",
    arguments: [
      ("0.5", "'0.5'"), ("\"3\"", "'3'"), ("[3, 4]", "a list of 2"),
      ("{a: 1}", "a mapping of 1 keys"), ("", "empty"),
    ])
  func kind(written: String, shown: String) {
    let text = message("count: \(written)\n") { reader in
      _ = try reader.int("count", in: 1...5)
    }
    #expect(text == "a.yaml:1: count: is \(shown); it must be an integer from 1 to 5")
  }

  @Test("An unknown name of an enumeration is refused with the nearest one")
  func choice() {
    let text = message("border: refelct") { reader in
      _ = try reader.choice("border", of: Border.self)
    }
    #expect(text == "a.yaml:1: border: unknown name 'refelct'; did you mean 'reflect'?")
    let far = message("border: zero") { reader in
      _ = try reader.choice("border", of: Border.self)
    }
    #expect(
      far == "a.yaml:1: border: unknown name 'zero'; possible names: nearest, reflect, wrap")
  }

  @Test("An element of a list is named by its index and line")
  func element() {
    let text = message("sizes:\n  - 1\n  - many\n") { reader in
      _ = try reader.ints("sizes", in: 0...9)
    }
    #expect(text == "a.yaml:3: sizes[1]: is 'many'; it must be an integer from 0 to 9")
    let count = message("mean: [1, 2]") { reader in
      _ = try reader.doubles("mean", in: 0...9, count: 3)
    }
    #expect(count == "a.yaml:1: mean: is a list of 2; it must be a list of 3 numbers")
  }

  @Test("A mapping is needed where keys are read")
  func mapping() {
    let text = message("inner: 3") { reader in _ = try reader.reader("inner") }
    #expect(text == "a.yaml:1: inner: is '3'; it must be a mapping (key: value)")
  }

  @Test("A module's own check names the place of the key")
  func invalid() {
    let text = message("low: 3\nhigh: 1\n") { reader in
      throw reader.invalid("high", "is below low", remedy: "give at least 3")
    }
    #expect(text == "a.yaml:2: high: is below low; give at least 3")
  }
}
