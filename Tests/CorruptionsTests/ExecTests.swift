import Configuration
import Corruptions
import Foundation
import Imaging
import TensorCore
import TestSupport
import Testing

/// A recipe that runs the shell script `script`, which lies beside it.
private func makeCorruption(
  _ script: String, options: String = "", allowed: Bool = true, in folder: TemporaryFolder
) throws -> Corruption {
  let path = try folder.write("#!/bin/sh\n\(script)\n", to: "filter.sh")
  try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  try folder.write(
    """
    family: ours
    summary: a program
    source: ours
    pipeline: [{op: exec, command: [./filter.sh, "{width}x{height}"]\(options)}]
    severities: {}
    """, to: "filter.yaml")
  return try RecipeLibrary(directory: folder.path, allowsPrograms: allowed).corruption("filter")
}

private func apply(_ corruption: Corruption, _ severity: Double = 2) throws -> PixelImage {
  var random = KeyedRandom(seed: 2, "x")
  return try corruption.apply(
    to: testImage(width: 6, height: 4), severity: severity, random: &random)
}

@Suite("Programs as steps")
struct ExecTests {
  @Test("A program gets samples and gives samples")
  func negative() throws {
    let folder = try TemporaryFolder()
    let inverted = "tr '\\000-\\377' '\\001-\\377\\000'"
    let corruption = try makeCorruption(
      "LC_ALL=C \(inverted)", options: ", header: false", in: folder)
    let image = testImage(width: 6, height: 4)
    #expect(try apply(corruption).pixels == image.pixels.map { $0 &+ 1 })
    #expect(corruption.programs == ["./filter.sh"])
  }

  @Test("The header says width, height, severity and seed; arguments too")
  func header() throws {
    let folder = try TemporaryFolder()
    let script = """
      head -n 1 > "\(folder.path)/line"
      echo "$1" > "\(folder.path)/argument"
      head -c 72 /dev/zero
      """
    let corruption = try makeCorruption(script, in: folder)
    #expect(try apply(corruption, 2.5).pixels.allSatisfy { $0 == 0 })
    let line = try String(contentsOfFile: "\(folder.path)/line", encoding: .utf8)
    let fields = line.split(whereSeparator: \.isWhitespace)
    #expect(fields.prefix(3) == ["6", "4", "2.5"] && fields.count == 4)
    #expect((0..<(1 << 31)).contains(Int(fields[3])!))
    let argument = try String(contentsOfFile: "\(folder.path)/argument", encoding: .utf8)
    #expect(argument == "6x4\n")
    _ = try apply(corruption, 2.5)
    #expect(try String(contentsOfFile: "\(folder.path)/line", encoding: .utf8) == line)
  }

  @Test(
    "Failures name the program",
    arguments: [
      ("echo no luck >&2; exit 3", "", "ended with status 3: no luck"),
      ("head -c 71 /dev/zero", "", "gave 71 bytes; a 6 x 4 image has 72"),
      ("cat", ", header: true", "gave "),
      ("exec sleep 20", ", time_limit: 0.1", "did not end within 0.1 s"),
      ("exec cat /dev/zero", "", "gave more than 72 bytes; it was stopped"),
      ("kill -9 $$", "", "ended with signal 9"),
    ])
  func failures(script: String, options: String, message: String) throws {
    let folder = try TemporaryFolder()
    let corruption = try makeCorruption(script, options: options, in: folder)
    let start = ContinuousClock.now
    let error = #expect(throws: CorruptionError.self) { try apply(corruption) }
    #expect("\(error!)".hasPrefix("the program './filter.sh' \(message)"), "\(error!)")
    #expect(ContinuousClock.now - start < .seconds(15))
  }

  @Test("A program that is not there or not executable is named")
  func missing() throws {
    let folder = try TemporaryFolder()
    for (command, message) in [
      ("no-such-program-here", "can't be started: it is in no folder of PATH"),
      ("./none.sh", "can't be started: there is no "),
      ("./plain.txt", "is not executable"),
    ] {
      try folder.write("text", to: "plain.txt")
      try folder.write(
        "family: a\nsummary: b\nsource: c\npipeline: [{op: exec, command: \(command)}]\n"
          + "severities: {}\n", to: "x.yaml")
      let corruption = try RecipeLibrary(directory: folder.path, allowsPrograms: true)
        .corruption("x")
      let error = #expect(throws: CorruptionError.self) { try apply(corruption) }
      #expect("\(error!)".contains(message), "\(error!)")
    }
  }

  @Test("Nothing is run unless programs are allowed")
  func refused() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: CorruptionError.self) {
      try makeCorruption("cat", allowed: false, in: folder)
    }
    #expect(
      "\(error!)"
        == "the corruption 'filter' runs the program './filter.sh'; if you trust it, give "
        + "--allow-exec")
    // Nor by way of another recipe; a library that holds one can be read all the same.
    try folder.write(
      "family: a\nsummary: b\nsource: c\npipeline: [{op: recipe, name: filter}]\nseverities: {}\n",
      to: "around.yaml")
    let library = try RecipeLibrary(directory: folder.path)
    #expect(library.names() == ["around", "filter"])
    #expect(throws: CorruptionError.self) { try library.corruption("around") }
  }
}
