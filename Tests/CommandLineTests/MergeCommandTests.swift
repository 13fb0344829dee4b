import Checkpoints
import Foundation
import Imaging
import TensorCore
import Testing
import VisionModels

@Suite("mergeshift merge")
struct MergeCommandTests {
  private let configuration = ViTConfiguration(
    imageSize: 8, patchSize: 4, width: 8, layerCount: 1, headCount: 2, mlpWidth: 16,
    embeddingWidth: 4)

  /// Writes a base model and two experts into the working folder and gives their parameters.
  private func makeModels(_ tool: Tool) throws -> [StateDict] {
    var random = KeyedRandom(seed: 3, "merge command")
    let model = VisionTransformer(configuration: configuration)
    return try ["base", "one", "two"].map { name in
      let parameters = model.initialParameters(random: &random)
      try VisionCheckpoint(configuration: configuration, parameters: parameters)
        .write(to: tool.path(name))
      return parameters
    }
  }

  private let models = ["--base", "base", "--expert", "one=one", "--expert", "two=two"]

  @Test("Task arithmetic writes a checkpoint, and coefficients that give it again")
  func taskArithmetic() throws {
    try Tool.withFolder { tool in
      let parameters = try makeModels(tool)
      let first = try tool.run(
        ["merge"] + models + ["--method", "task-arithmetic", "--lambda", "0.5", "--output", "a"])
      #expect(first.status == 0, "\(first.errors)")
      let merged = try VisionCheckpoint.load(directory: tool.path("a"))
      #expect(merged.configuration == configuration)
      for index in merged.parameters.values.indices {
        let (base, one, two) = (
          parameters[0].values[index], parameters[1].values[index], parameters[2].values[index]
        )
        #expect(abs(merged.parameters.values[index] - (one + two) / 2) < 1e-6, "\(base)")
      }
      let second = try tool.run(
        ["merge"] + models + ["--coefficients", "a/coefficients.json", "--output", "b"])
      #expect(second.status == 0, "\(second.errors)")
      #expect(try VisionCheckpoint.load(directory: tool.path("b")) == merged)
    }
  }

  @Test("The merged file has the names, order and type of the base model's")
  func storage() throws {
    try Tool.withFolder { tool in
      let parameters = try makeModels(tool)
      let path = tool.path("base/model.safetensors")
      try SafetensorsWriter.write(
        parameters[0].layout.entries.reversed().map {
          ($0.name.replacingOccurrences(of: "vision_model.", with: ""), parameters[0][$0.name])
        }, dtype: .bfloat16, metadata: ["format": "pt"], order: .asGiven, to: path)
      let outcome = try tool.run(
        ["merge"] + models + ["--method", "weight-averaging", "--output", "out"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(
        try SafetensorsFile(path: tool.path("out/model.safetensors")).header
          == SafetensorsFile(path: path).header)
    }
  }

  @Test("AdaMerging adapts to folders of images, and writes what it learned")
  func adaptive() throws {
    try Tool.withFolder { tool in
      _ = try makeModels(tool)
      var random = KeyedRandom(seed: 4, "images")
      for task in ["one", "two"] {
        let weights = Tensor(shape: [3, 4], values: random.normals(12).map { Float($0) })
        try ClassificationHead(classNames: ["a", "b", "c"], weights: weights)
          .write(to: tool.path("\(task).safetensors"))
        let folder = tool.path("\(task)-images/unknown")
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        for number in 0..<6 {
          let pixels = random.uniforms(300).map { UInt8($0 * 256) }
          let image = PixelImage(width: 10, height: 10, pixels: pixels)
          try Data(PNGCodec.encode(image)).write(to: URL(filePath: "\(folder)/\(number).png"))
        }
      }
      let adaptation = [
        "--head", "one=one.safetensors", "--head", "two=two.safetensors",
        "--images", "one=one-images", "--images", "two=two-images",
        "--batch-size", "4", "--steps", "3",
      ]
      let outcome = try tool.run(
        ["merge"] + models + ["--method", "adamerging-layerwise", "--output", "out"] + adaptation)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let text = try String(
        contentsOf: URL(filePath: tool.path("out/coefficients.json")), encoding: .utf8)
      #expect(text.contains("\"granularity\" : \"layer-wise\""))
      #expect(tool.exists("out/model.safetensors"))
    }
  }

  @Test(
    "What can't be merged ends with code 2 and one message that says why",
    arguments: [
      (["--method", "tie"], "did you mean 'ties'?"),
      (["--method", "ties", "--density", "2"], "density"),
      (["--method", "pretrained", "--lambda", "1"], "unknown key 'lambda'"),
      (["--method", "individual"], "makes no merged checkpoint"),
      (["--method", "adamerging-taskwise"], "task 'one' needs --head one=PATH"),
      (["--method", "ties", "--seed", "1"], "does not adapt"),
      (["--method", "ties", "--expert", "three=none"], "config.json"),
      (["--method", "ties", "--expert", "one=two"], "two experts are named 'one'"),
      (["--coefficients", "none.json"], "none.json: can't be read"),
    ])
  func refused(arguments: [String], message: String) throws {
    try Tool.withFolder { tool in
      _ = try makeModels(tool)
      let outcome = try tool.run(["merge"] + models + arguments + ["--output", "out"])
      #expect(outcome.status == 2)
      #expect(outcome.errors.hasPrefix("error: "))
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
      #expect(!tool.exists("out/model.safetensors"))
    }
  }

  @Test("A checkpoint is replaced only with --overwrite")
  func overwriting() throws {
    try Tool.withFolder { tool in
      _ = try makeModels(tool)
      let arguments = ["merge"] + models + ["--method", "ties", "--output", "base"]
      let outcome = try tool.run(arguments)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("--overwrite"))
      #expect(try tool.run(arguments + ["--overwrite"]).status == 0)
    }
  }

  @Test("Method and coefficients exclude one another")
  func usage() throws {
    try Tool.withFolder { tool in
      let outcome = try tool.run(
        ["merge"] + models + ["--method", "ties", "--coefficients", "c.json", "--output", "out"])
      #expect(outcome.status == 64)
    }
  }
}
