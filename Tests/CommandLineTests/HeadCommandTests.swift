import Foundation
import TensorCore
import Testing
import VisionModels

@Suite("mergeshift head")
struct HeadCommandTests {
  private static let checkout = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private let checkpoint = Self.checkout.appending(path: "Tests/TextModelsTests/Goldens/tiny")
    .path(percentEncoded: false)
  private let heads = Self.checkout.appending(path: "heads").path(percentEncoded: false)

  private func write(_ text: String, to name: String, _ tool: Tool) throws {
    try text.write(toFile: tool.path(name), atomically: true, encoding: .utf8)
  }

  @Test("A file of classes becomes a head with their names and the checkpoint's logit scale")
  func file() throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run(
        "head", checkpoint, "--classes", "\(heads)/eurosat.yaml", "-o", "eurosat.safetensors")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("eurosat.safetensors"))
      let head = try ClassificationHead(contentsOf: tool.path("eurosat.safetensors"))
      #expect(head.classNames.prefix(2) == ["AnnualCrop", "Forest"])
      #expect(head.weights.shape == [10, 12])
      #expect(abs(head.logitScale - 33.115452) < 1e-4)
    }
  }

  @Test("A folder of files becomes a folder of heads")
  func folder() throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run("head", checkpoint, "--classes", heads, "--output", "all/heads")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let counts = [
        "cars": 196, "dtd": 47, "eurosat": 10, "gtsrb": 43, "mnist": 10, "resisc45": 45,
        "sun397": 397, "svhn": 10,
      ]
      for (name, count) in counts {
        let head = try ClassificationHead(contentsOf: tool.path("all/heads/\(name).safetensors"))
        #expect(head.classCount == count)
      }
    }
  }

  @Test("A head is replaced only with --overwrite")
  func overwriting() throws {
    try Tool.withFolder { tool in
      let arguments = ["head", checkpoint, "--classes", "\(heads)/mnist.yaml", "-o", "mnist.st"]
      #expect(try tool.run(arguments).status == 0)
      let again = try tool.run(arguments)
      #expect(again.status == 2)
      #expect(again.errors.contains("mnist.st is there already; --overwrite replaces it"))
      #expect(try tool.run(arguments + ["--overwrite"]).status == 0)
    }
  }

  @Test("What can't be used is named, and nothing is written")
  func failures() throws {
    try Tool.withFolder { tool in
      try write("templates: it\nclasses: [a]\n", to: "bad.yaml", tool)
      try write("templates: a {}\nclasses: [a]\n", to: "good.yaml", tool)
      try FileManager.default.createDirectory(
        atPath: tool.path("empty"), withIntermediateDirectories: true)
      for (model, classes, output, message) in [
        (checkpoint, ["bad.yaml"], "h.st", "bad.yaml:1: templates: 'it' has no place"),
        (checkpoint, ["none.yaml"], "h.st", "none.yaml: can't be read: no such file"),
        (checkpoint, ["empty"], "h.st", "empty: has no .yaml file"),
        (checkpoint, ["good.yaml", "./good.yaml"], "h.st", "both make h.st/good.safetensors"),
        (checkpoint, ["good.yaml"], "no/h.st", "there is no folder"),
        ("empty", ["good.yaml"], "h.st", "empty: no tokenizer"),
        (checkpoint, ["good.yaml", "bad.yaml"], "good.yaml", "bad.yaml:1"),
      ] {
        let outcome = try tool.run(
          ["head", model, "-o", output] + classes.flatMap { ["--classes", $0] })
        #expect(outcome.status == 2, "\(classes)")
        #expect(outcome.errors.hasPrefix("error: "))
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(!tool.exists("h.st"))
      }
    }
  }

  @Test("Without classes or output it is a usage error")
  func usage() throws {
    try Tool.withFolder { tool in
      for arguments in [["-o", "h.st"], ["--classes", heads]] {
        let outcome = try tool.run(["head", checkpoint] + arguments)
        #expect(outcome.status == 64)
      }
    }
  }
}
