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

  /// A bare state dict with open_clip's names, one head of 64.
  private func writeOpenCLIP(_ path: String, seed: UInt64, patches: Int = 4) throws {
    var random = KeyedRandom(seed: seed, "open_clip")
    let block = "visual.transformer.resblocks.0"
    let shapes: [(name: String, shape: Shape)] = [
      ("visual.class_embedding", [64]), ("visual.positional_embedding", [patches + 1, 64]),
      ("visual.proj", [64, 8]), ("visual.conv1.weight", [64, 3, 4, 4]),
      ("visual.ln_pre.weight", [64]), ("visual.ln_pre.bias", [64]),
      ("\(block).attn.in_proj_weight", [192, 64]), ("\(block).attn.in_proj_bias", [192]),
      ("\(block).attn.out_proj.weight", [64, 64]), ("\(block).attn.out_proj.bias", [64]),
      ("\(block).ln_1.weight", [64]), ("\(block).ln_1.bias", [64]),
      ("\(block).ln_2.weight", [64]), ("\(block).ln_2.bias", [64]),
      ("\(block).mlp.c_fc.weight", [16, 64]), ("\(block).mlp.c_fc.bias", [16]),
      ("\(block).mlp.c_proj.weight", [64, 16]), ("\(block).mlp.c_proj.bias", [64]),
      ("visual.ln_post.weight", [64]), ("visual.ln_post.bias", [64]), ("logit_scale", [1]),
    ]
    try SafetensorsWriter.write(
      shapes.map { name, shape in
        (name, Tensor(shape: shape, values: random.normals(shape.count).map { Float($0) }))
      }, metadata: ["format": "pt"], to: path)
  }

  @Test("Weights alone in open_clip's names are merged and written as they came")
  func openCLIP() throws {
    try Tool.withFolder { tool in
      for (seed, name) in ["base", "one", "two"].enumerated() {
        try writeOpenCLIP(tool.path("\(name).safetensors"), seed: UInt64(seed))
      }
      let outcome = try tool.run([
        "merge", "--base", "base.safetensors", "--expert", "one=one.safetensors", "--expert",
        "two=two.safetensors", "--method", "weight-averaging", "--output", "out",
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let merged = try SafetensorsFile(path: tool.path("out/model.safetensors"))
      let files = try ["base", "one", "two"].map {
        try SafetensorsFile(path: tool.path("\($0).safetensors"))
      }
      #expect(merged.header.entries == files[0].header.entries)
      for tensor in merged.tensors {
        let values = try merged.values(of: tensor.name)
        let (one, two) = (
          try files[1].values(of: tensor.name), try files[2].values(of: tensor.name)
        )
        let isCarried = tensor.name == "logit_scale"
        let expected =
          isCarried ? try files[0].values(of: tensor.name) : zip(one, two).map { ($0 + $1) / 2 }
        #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(tensor.name)")
      }
      #expect(!tool.exists("out/config.json"))
    }
  }

  @Test("Positions of another resolution are interpolated only with --interpolate-positions")
  func positions() throws {
    try Tool.withFolder { tool in
      _ = try makeModels(tool)
      for name in ["base", "one", "two"] {
        let text = try String(contentsOfFile: tool.path("\(name)/config.json"), encoding: .utf8)
        let larger = text.replacing("\"image_size\" : 8", with: "\"image_size\" : 12")
        try Data(larger.utf8).write(to: URL(filePath: tool.path("\(name)/config.json")))
      }
      let arguments = ["merge"] + models + ["--method", "weight-averaging", "--output", "out"]
      let refused = try tool.run(arguments)
      #expect(refused.status == 2)
      #expect(refused.errors.contains("are for images of 8 pixels, not 12"), "\(refused.errors)")
      let outcome = try tool.run(arguments + ["--interpolate-positions"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let merged = try VisionCheckpoint.load(directory: tool.path("out"))
      #expect(merged.configuration == configuration.with(imageSize: 12))
    }
  }

  @Test("Everything that keeps experts from being merged is told at once")
  func mismatches() throws {
    try Tool.withFolder { tool in
      let parameters = try makeModels(tool)
      let smaller = ViTConfiguration(
        imageSize: 8, patchSize: 4, width: 8, layerCount: 2, headCount: 2, mlpWidth: 12,
        embeddingWidth: 4)
      try VisionCheckpoint(
        configuration: smaller,
        parameters: StateDict(zeros: VisionTransformer(configuration: smaller).layout)
      ).write(to: tool.path("one"))
      var broken = parameters[2]
      broken.values[3] = .nan
      try VisionCheckpoint(configuration: configuration, parameters: broken)
        .write(to: tool.path("two"))
      let outcome = try tool.run(
        ["merge"] + models + ["--expert", "three=none", "--method", "ties", "--output", "out"])
      #expect(outcome.status == 2)
      for message in [
        "none/config.json: can't be read", "the expert of 'one': num_hidden_layers is 2, the base",
        "the expert of 'one': intermediate_size is 12, the base model's 16",
        "two/model.safetensors: tensor 'vision_model.embeddings.class_embedding': holds NaN or "
          + "infinity at 1 elements, the first is 3",
      ] {
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
      }
      #expect(!tool.exists("out/model.safetensors"))
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
