import Checkpoints
import Foundation
import TensorCore
import TestSupport
import Testing
import VisionModels

@Suite("Checkpoints as users have them")
struct CheckpointLayoutTests {
  private let tiny = Golden.path("tiny")

  /// The golden's tensors under other names, in a folder with its `config.json`.
  private func rewritten(
    _ folder: TemporaryFolder, dtype: DType = .float32, architecture: String? = nil,
    _ name: (String) -> String?
  ) throws -> String {
    let golden = try VisionCheckpoint.load(tiny)
    let tensors = golden.parameters.layout.names.compactMap { own in
      name(own).map { (name: $0, tensor: golden.parameters[own]) }
    }
    let path = "\(folder.path)/\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try SafetensorsWriter.write(tensors, dtype: dtype, to: "\(path)/model.safetensors")
    var config = try String(contentsOfFile: Golden.path("tiny/config.json"), encoding: .utf8)
    if let architecture {
      config = config.replacing(
        "{\n", with: "{\n\"architectures\": [\"\(architecture)\"],\n", maxReplacements: 1)
    }
    try Data(config.utf8).write(to: URL(filePath: "\(path)/config.json"))
    return path
  }

  @Test("open_clip's state dict in a .pt file gives the features of PyTorch's own attention")
  func openCLIP() throws {
    let golden = try LayoutGolden("open_clip.safetensors")
    let checkpoint = try VisionCheckpoint.load(LayoutGolden.path("open_clip.pt"))
    #expect(
      checkpoint.configuration
        == ViTConfiguration(
          imageSize: 8, patchSize: 4, width: 64, layerCount: 2, headCount: 1, mlpWidth: 32,
          embeddingWidth: 8))
    let error = relativeError(
      checkpoint.features(of: golden["pixels"]).values, golden["features"].values)
    #expect(error < 1e-6, "\(error)")
    let gelu = try VisionCheckpoint.load(
      LayoutGolden.path("open_clip.pt"), options: LoadingOptions(activation: .gelu))
    #expect(gelu.configuration.activation == .gelu)
  }

  @Test(
    "open_clip's names are read under every prefix, in safetensors too",
    arguments: ["", "visual.", "model.visual.", "module.visual."])
  func openCLIPPrefixes(prefix: String) throws {
    let folder = try TemporaryFolder()
    let source = try TorchStateDict(path: LayoutGolden.path("open_clip.pt"))
    let own = "model.visual."
    let tensors = try source.tensors.filter { $0.name.hasPrefix(own) }.map {
      (name: prefix + $0.name.dropFirst(own.count), tensor: try source.tensor(named: $0.name))
    }
    let path = "\(folder.path)/weights.safetensors"
    try SafetensorsWriter.write(tensors, to: path)
    #expect(
      try VisionCheckpoint.load(path) == VisionCheckpoint.load(LayoutGolden.path("open_clip.pt")))
    try FileManager.default.moveItem(atPath: path, toPath: "\(folder.path)/model.safetensors")
    #expect(
      try VisionCheckpoint.load(folder.path)
        == VisionCheckpoint.load(LayoutGolden.path("open_clip.pt")))
  }

  @Test("A folder without config.json is read by what open_clip calls its files")
  func openCLIPFolder() throws {
    let folder = try TemporaryFolder()
    let path = LayoutGolden.path("open_clip.pt")
    try FileManager.default.copyItem(
      atPath: path, toPath: "\(folder.path)/open_clip_pytorch_model.bin")
    #expect(try VisionCheckpoint.load(folder.path) == VisionCheckpoint.load(path))
  }

  @Test("Shards give what one file gives")
  func shards() throws {
    let folder = try TemporaryFolder()
    let path = try copy(of: LayoutGolden.path("vit"), in: folder)
    let whole = try VisionCheckpoint.load(path)
    try whole.write(to: "\(folder.path)/whole")
    #expect(try VisionCheckpoint.load("\(folder.path)/whole") == whole)
    try FileManager.default.removeItem(atPath: "\(path)/model-00002-of-00002.safetensors")
    #expect(loadingProblem(path).contains("its shard model-00002-of-00002.safetensors is not in"))
  }

  @Test("CLIP's tower comes with and without its prefix, in three types", arguments: DType.allCases)
  func prefixes(dtype: DType) throws {
    let folder = try TemporaryFolder()
    let with = try VisionCheckpoint.load(rewritten(folder, dtype: dtype) { $0 })
    let without = try VisionCheckpoint.load(
      rewritten(folder, dtype: dtype) { $0.replacing("vision_model.", with: "") })
    #expect(with == without)
    let golden = try VisionCheckpoint.load(tiny)
    let error = relativeError(with.parameters.values, golden.parameters.values)
    #expect(error <= [.float32: 0, .float16: 0x1p-11, .bfloat16: 0x1p-8][dtype]!)
  }

  @Test("A model saved without its projection takes the base model's")
  func projection() throws {
    let folder = try TemporaryFolder()
    let base = try VisionCheckpoint.load(tiny)
    for architecture in ["CLIPVisionModel", "CLIPVisionModelWithProjection"] {
      let path = try rewritten(folder, architecture: architecture) {
        $0 == "visual_projection.weight" ? nil : $0
      }
      #expect(try VisionCheckpoint.load(path, completing: base) == base)
    }
    let path = try rewritten(folder, architecture: "CLIPVisionModel") {
      $0 == "visual_projection.weight" ? nil : $0
    }
    let alone = try VisionCheckpoint.load(path)
    #expect(!alone.configuration.hasProjection)
    #expect(alone.configuration.embeddingWidth == 24)
    let pixels = GradientTests.pixels(2, 24)
    #expect(alone.features(of: pixels).shape == [2, 24])
    #expect(try VisionCheckpoint.load(path, completing: alone) == alone)
  }

  @Test("All that is wrong with a file is told at once")
  func problems() throws {
    let folder = try TemporaryFolder()
    let path = try rewritten(folder) { name in
      name.hasSuffix("pre_layrnorm.bias")
        ? nil : name.replacing("1.mlp.fc2.bias", with: "1.mlp.fc3")
    }
    let message = loadingProblem(path)
    #expect(
      message.contains(
        "2 tensors of the model are missing: vision_model.pre_layrnorm.bias, "
          + "vision_model.encoder.layers.1.mlp.fc2.bias"))
    #expect(
      message.contains(
        "1 tensors that the model does not have: vision_model.encoder.layers.1.mlp.fc3"))
    let both = try rewritten(folder) { $0 }
    let file = try SafetensorsFile(path: "\(both)/model.safetensors")
    let double = try file.names.flatMap { name in
      let tensor = try file.tensor(named: name)
      return [(name, tensor), (name.replacing("vision_model.", with: ""), tensor)]
    }.filter { $0.0 != "visual_projection.weight" }
    try SafetensorsWriter.write(double, to: "\(both)/model.safetensors")
    #expect(loadingProblem(both).contains("is there twice, under different prefixes"))
  }

  @Test(
    "Whole modules are refused by the name of their class; unknown names with what is looked for")
  func refused() throws {
    let message = loadingProblem(LayoutGolden.path("image_encoder.pt"))
    #expect(message.contains("an object of the class src.modeling.ImageEncoder"))
    #expect(message.contains("state_dict()"))
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/resnet.safetensors"
    try SafetensorsWriter.write([("layer1.conv1.weight", Tensor(zeros: [1]))], to: path)
    #expect(loadingProblem(path).contains("embeddings.patch_embeddings.projection.weight"))
    #expect(loadingProblem("/no/such").contains("config.json: can't be read: no such folder"))
  }

  @Test("Weights whose shapes tell no architecture are refused with the reason")
  func inference() throws {
    let folder = try TemporaryFolder()
    func problem(_ tensors: [(name: String, tensor: Tensor)]) throws -> String {
      let path = "\(folder.path)/bare.safetensors"
      try SafetensorsWriter.write(tensors, to: path)
      return loadingProblem(path)
    }
    let conv = ("visual.conv1.weight", Tensor(zeros: [64, 3, 4, 4]))
    #expect(try problem([conv]).contains("there is no 'visual.positional_embedding'"))
    #expect(
      try problem([conv, ("visual.positional_embedding", Tensor(zeros: [4, 64]))]).contains(
        "[4, 64] positions are no class token and a square of patches"))
    #expect(
      try problem([
        ("visual.conv1.weight", Tensor(zeros: [60, 3, 4, 4])),
        ("visual.positional_embedding", Tensor(zeros: [5, 60])),
        ("visual.transformer.resblocks.0.mlp.c_fc.weight", Tensor(zeros: [8, 60])),
      ]).contains("the width 60 is no multiple of 64"))
  }
}
