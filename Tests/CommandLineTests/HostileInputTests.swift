import Foundation
import Imaging
import Testing

/// Bad inputs through the commands: the exit code, one message, nothing half written. The corpus
/// of Tests/CorpusTests goes through the library.
@Suite("Hostile inputs to the commands", .timeLimit(.minutes(3)))
struct HostileInputTests {
  private struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: [String]
    let says: String
    var testDescription: String { name }
  }

  private static func corrupt(_ file: String) -> [String] {
    ["corrupt", file, "out.png", "--corruption", "contrast", "--severity", "1"]
  }

  private static let cases: [Case] = [
    Case(name: "text called .jpg", arguments: corrupt("text.jpg"), says: "text.jpg: not an image"),
    Case(name: "cut off", arguments: corrupt("cut.png"), says: "cut.png: the PNG image is cut off"),
    Case(
      name: "a bomb", arguments: corrupt("bomb.pgm"),
      says: "bomb.pgm: 65535 x 65535 pixels are more than the limit of 178956970"),
    Case(
      name: "a pipe", arguments: corrupt("pipe.png"), says: "pipe.png: cannot be read: it is a pipe"
    ),
    Case(
      name: "a dangling link in a folder",
      arguments: ["corrupt", "links", "out", "--corruption", "contrast", "--severity", "1"],
      says: "links/dangling.png: cannot be read: it is a link to a file that is not there"),
    Case(
      name: "a folder with a name that is not UTF-8",
      arguments: ["corrupt", "names", "out", "--corruption", "contrast", "--severity", "1"],
      says: #"names: the name '\xff.png' in it is not UTF-8"#),
    Case(
      name: "a recipe of a billion laughs",
      arguments: corrupt("good.png") + ["--recipes", "laughs"],
      says: "laughs/a.yaml:"),
    Case(
      name: "a recipe with a sigma of NaN", arguments: corrupt("good.png") + ["--recipes", "nan"],
      says: "nan/haze.yaml:6: profile any, severity 1, pipeline[0].sigma: is .nan"),
    Case(
      name: "a recipe that is a pipe", arguments: corrupt("good.png") + ["--recipes", "pipes"],
      says: "pipes/p.yaml: can't be read: it is a pipe"),
    Case(
      name: "a plan with escapes for a terminal", arguments: ["bench", "escape.yaml", "-o", "out"],
      says: #"\u{1b}[31mred"#),
    Case(
      name: "a plan that is a pipe", arguments: ["bench", "pipe.png", "-o", "out"],
      says: "it is a pipe"),
    Case(
      name: "a checkpoint that is a pipe",
      arguments: [
        "merge", "--base", "pipe.safetensors", "--expert", "a=pipe.safetensors",
        "--method", "weight-averaging", "--output", "out",
      ],
      says: "pipe.safetensors: can't be read: it is a pipe"),
    Case(
      name: "a checkpoint of overlapping tensors",
      arguments: [
        "merge", "--base", "overlap.safetensors", "--expert", "a=overlap.safetensors",
        "--method", "weight-averaging", "--output", "out",
      ],
      says: "overlap.safetensors: tensor 'b': begins at byte 2, within the tensor before it"),
  ]

  @Test("Each ends with 2 and a message that names the file, and writes nothing", arguments: cases)
  private func refusal(_ input: Case) throws {
    try Tool.withFolder { tool in
      try prepare(tool)
      let outcome = try tool.run(input.arguments)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("error: "), "\(outcome.errors)")
      #expect(outcome.errors.contains(input.says), "\(outcome.errors)")
      #expect(!outcome.errors.contains("Fatal error") && !outcome.errors.contains("\u{1b}"))
      let left = (try? FileManager.default.subpathsOfDirectory(atPath: tool.path("out"))) ?? []
      #expect(left.allSatisfy { !$0.hasSuffix(".png") && !$0.hasSuffix(".tmp") }, "\(left)")
      #expect(!tool.exists("out.png"))
    }
  }

  private func prepare(_ tool: Tool) throws {
    func write(_ bytes: [UInt8], _ name: String) throws {
      let url = URL(filePath: tool.path(name))
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
    try tool.write(ring, "good.png")
    try write([], "links/.keep")
    try tool.write(ring, "names/good.png")
    try write(Array("no image".utf8), "text.jpg")
    try write(Array(PNGCodec.encode(ring).prefix(100)), "cut.png")
    try write(Array("P5 65535 65535 255\n".utf8), "bomb.pgm")
    for name in ["pipe.png", "pipe.safetensors"] { unsafe mkfifo(tool.path(name), 0o600) }
    try write([], "pipes/.keep")
    unsafe mkfifo(tool.path("pipes/p.yaml"), 0o600)
    try FileManager.default.createSymbolicLink(
      atPath: tool.path("links/dangling.png"), withDestinationPath: "nowhere")
    let invalid =
      Array("\(tool.path("names"))/".utf8CString.dropLast()) + [-1] + Array(".png".utf8CString)
    close(unsafe open(invalid, O_CREAT | O_WRONLY, 0o600))
    let laughs = (1..<12).map { level in
      "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ","))]\n"
    }
    try write(Array(("a0: &a0 [x]\n" + laughs.joined()).utf8), "laughs/a.yaml")
    try write(
      Array(
        """
        family: ours
        source: tests
        summary: a test
        pipeline: [{op: gaussian_noise, sigma: $sigma}]
        severities:
          sigma: [.nan, 1, 1, 1, 1]
        """.utf8), "nan/haze.yaml")
    try write(Array("name: \"\\e[31mred\"\nsuite: s\nexperiments: []\n".utf8), "escape.yaml")
    let header =
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#
    try write(
      [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + [0, 0, 0, 0, 0, 0],
      "overlap.safetensors")
  }

  @Test("A limit can be raised and lowered, and a wrong name of one is a usage error")
  func limits() throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "good.png")
      let low = try tool.run(Self.corrupt("good.png") + ["--set-limit", "image-pixels=1199"])
      #expect(low.status == 2)
      #expect(low.errors.contains("good.png: 40 x 30 pixels are more than the limit of 1199"))
      let enough = try tool.run(Self.corrupt("good.png") + ["--set-limit", "image-pixels=1200"])
      #expect(enough.status == 0, "\(enough.errors)")
      for wrong in ["image-pixel=5", "image-pixels=0", "image-pixels=many", "image-pixels"] {
        let outcome = try tool.run(Self.corrupt("good.png") + ["--set-limit", wrong])
        #expect(outcome.status == 64, "\(wrong)")
      }
    }
  }

  @Test("Unreadable images end corrupt, or are left out on request, in folders and in archives")
  func skipping() throws {
    try Tool.withFolder { tool in
      try tool.write(ring, "in/a/good.png")
      try Data("no image".utf8).write(to: URL(filePath: tool.path("in/a/bad.png")))
      let command = ["corrupt", "in", "out", "--corruption", "contrast", "--severity", "1"]
      let refused = try tool.run(command)
      #expect(refused.status == 2)
      #expect(refused.errors.contains("error: in/a/bad.png: not an image"), "\(refused.errors)")
      let skipped = try tool.run(command + ["--overwrite", "--skip-unreadable"])
      #expect(skipped.status == 0, "\(skipped.errors)")
      #expect(skipped.errors.contains("1 of 2 images can't be read and are left out"))
      #expect(skipped.errors.contains("in/a/bad.png: not an image"), "\(skipped.errors)")
      #expect(tool.exists("out/contrast/1/a/good.png") && !tool.exists("out/contrast/1/a/bad.png"))

      let members = ["0.cls", "0.png", "1.cls", "1.png"]
      for name in members where name.hasSuffix("cls") {
        try Data("7".utf8).write(to: URL(filePath: tool.path(name)))
      }
      try tool.write(ring, "0.png")
      try Data("no image".utf8).write(to: URL(filePath: tool.path("1.png")))
      #expect(try system("tar", ["-cf", "s.tar"] + members, in: tool) == 0)
      let archive = ["corrupt", "s.tar", "copies", "--corruption", "contrast", "--severity", "1"]
      #expect(try tool.run(archive).status == 2)
      let left = try tool.run(archive + ["--skip-unreadable"])
      #expect(left.status == 0, "\(left.errors)")
      #expect(left.errors.contains("s.tar: 1.png: not an image"), "\(left.errors)")
      #expect(try system("tar", ["-xf", "copies/contrast/1/s.tar", "-C", "copies"], in: tool) == 0)
      #expect(tool.exists("copies/0.cls") && tool.exists("copies/0.png"))
      #expect(!tool.exists("copies/1.cls") && !tool.exists("copies/1.png"))
    }
  }

  private func system(_ program: String, _ arguments: [String], in tool: Tool) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = tool.folder
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test("One bad image ends eval with its name, or is left out, counted, on request")
  func evaluation() throws {
    try Tool.withFolder { tool in
      let fixtures = Tool.checkout.appending(path: "fixtures").path(percentEncoded: false)
      try FileManager.default.copyItem(
        atPath: "\(fixtures)/images/digits", toPath: tool.path("digits"))
      let bad = "digits/test/\(try classFolder(tool))/zzz.png"
      try Data("no image".utf8).write(to: URL(filePath: tool.path(bad)))
      let suite = """
        name: tiny
        base: \(fixtures)/models/base
        tasks:
          - name: digits
            images: digits/test
            expert: \(fixtures)/models/experts/digits
            head: \(fixtures)/heads/digits.safetensors
        """
      try Data(suite.utf8).write(to: URL(filePath: tool.path("suite.yaml")))
      let command = ["eval", "\(fixtures)/models/base", "--suite", "suite.yaml"]
      let refused = try tool.run(command)
      #expect(refused.status == 2)
      #expect(refused.errors.contains("zzz.png: not an image"), "\(refused.errors)")
      let skipped = try tool.run(command + ["--skip-unreadable"])
      #expect(skipped.status == 0, "\(skipped.errors)")
      #expect(skipped.errors.contains("images can't be read and are left out"))
      #expect(skipped.errors.contains("zzz.png: not an image"), "\(skipped.errors)")
    }
  }

  private func classFolder(_ tool: Tool) throws -> String {
    try FileManager.default.contentsOfDirectory(atPath: tool.path("digits/test")).sorted()[0]
  }
}
