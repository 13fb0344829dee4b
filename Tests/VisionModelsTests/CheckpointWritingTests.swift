import Checkpoints
import Foundation
import TensorCore
import TestSupport
import Testing
import VisionModels

@Suite("Writing checkpoints as they came")
struct CheckpointWritingTests {
  /// The checkpoint with all parameters moved, written and loaded again.
  private func again(
    _ path: String, in folder: TemporaryFolder, options: LoadingOptions = LoadingOptions()
  ) throws -> (written: VisionCheckpoint, loaded: VisionCheckpoint, folder: String) {
    var checkpoint = try VisionCheckpoint.load(path, options: options)
    for index in checkpoint.parameters.values.indices { checkpoint.parameters.values[index] += 0.5 }
    let target = "\(folder.path)/out"
    try checkpoint.write(to: target)
    return (checkpoint, try VisionCheckpoint.load(target), target)
  }

  private func tensors(_ source: any TensorSource) -> [String] {
    source.tensors.map { "\($0.name) \($0.type.rawValue) \($0.shape)" }
  }

  @Test("ViT and DINOv2 keep their names, types and config.json", arguments: ["vit", "dinov2"])
  func families(family: String) throws {
    let folder = try TemporaryFolder()
    let path = LayoutGolden.path(family)
    let (written, loaded, out) = try again(path, in: folder)
    #expect(loaded == written)
    let config = try Data(contentsOf: URL(filePath: "\(path)/config.json"))
    #expect(try Data(contentsOf: URL(filePath: "\(out)/config.json")) == config)
    if family == "dinov2" {
      let (source, target) = (
        try SafetensorsFile(path: "\(path)/model.safetensors"),
        try SafetensorsFile(path: "\(out)/model.safetensors")
      )
      #expect(source.header == target.header)
      let mask = "embeddings.mask_token"
      #expect(try target.tensor(named: mask) == source.tensor(named: mask))
    }
  }

  @Test(
    "open_clip's weights keep names, types, the transposed projection and the text tower's tensors")
  func openCLIP() throws {
    let folder = try TemporaryFolder()
    let path = LayoutGolden.path("open_clip.pt")
    let (written, loaded, out) = try again(
      path, in: folder, options: LoadingOptions(activation: .gelu))
    #expect(loaded.configuration == written.configuration, "the activation travels along")
    #expect(relativeError(loaded.parameters.values, written.parameters.values) < 0x1p-10)
    let (source, target) = (
      try TorchStateDict(path: path), try SafetensorsFile(path: "\(out)/model.safetensors")
    )
    #expect(tensors(source) == tensors(target))
    for name in ["model.text_projection", "model.logit_scale", "model.attn_mask"] {
      #expect(try source.bytes(of: name) == target.bytes(of: name), "\(name)")
    }
    let fused = "model.visual.transformer.resblocks.1.attn.in_proj_bias"
    let (before, after) = (try source.values(of: fused), try target.values(of: fused))
    #expect(zip(before, after).allSatisfy { abs($0 + 0.5 - $1) < 2e-3 })
    #expect(!FileManager.default.fileExists(atPath: "\(out)/config.json"))
  }

  @Test("CLIP keeps its missing prefix, its text tower and its preprocessor")
  func clip() throws {
    let folder = try TemporaryFolder()
    let source = try copy(of: Golden.path("tiny"), in: folder)
    let golden = try VisionCheckpoint.load(source)
    var tensors = golden.parameters.layout.names.map { name in
      (name: name.replacing("vision_model.", with: ""), tensor: golden.parameters[name])
    }
    tensors.append(("text_model.final_layer_norm.bias", Tensor(shape: [2], values: [3, 4])))
    try SafetensorsWriter.write(tensors, dtype: .bfloat16, to: "\(source)/model.safetensors")
    try folder.write(#"{"size": 24, "crop_size": 24}"#, to: "copy/preprocessor_config.json")
    let (written, loaded, out) = try again(source, in: folder)
    #expect(loaded.configuration == written.configuration)
    let (before, after) = (
      try SafetensorsFile(path: "\(source)/model.safetensors"),
      try SafetensorsFile(path: "\(out)/model.safetensors")
    )
    #expect(self.tensors(before) == self.tensors(after))
    #expect(try after.tensor(named: "text_model.final_layer_norm.bias").values == [3, 4])
    #expect(loaded.preprocessing == written.preprocessing)
    #expect(FileManager.default.fileExists(atPath: "\(out)/preprocessor_config.json"))
  }

  @Test("Interpolated positions are written with the image size that they are for")
  func interpolated() throws {
    let folder = try TemporaryFolder()
    let options = LoadingOptions(interpolatesPositions: true, imageSize: 12)
    let (written, loaded, _) = try again(LayoutGolden.path("dinov2"), in: folder, options: options)
    #expect(loaded == written)
    #expect(loaded.configuration.imageSize == 12)
  }

  @Test(
    "A config.json keeps its text but for the image size, wherever it stands or is left out",
    arguments: [
      (
        #"{"layerscale_value": 1.0, "image_size": 8}"#,
        #"{"layerscale_value": 1.0, "image_size": 12}"#
      ),
      (#"{"image_size" : [8, 8]}"#, #"{"image_size": 12}"#),
    ])
  func configurationText(before: String, after: String) throws {
    let folder = try TemporaryFolder()
    let path = try copy(of: LayoutGolden.path("dinov2"), in: folder)
    let sizes =
      #""model_type": "dinov2", "hidden_size": 16, "num_hidden_layers": 2, "#
      + #""num_attention_heads": 2, "patch_size": 4, "mlp_ratio": 2, "#
    try folder.write("{\(sizes)\(before.dropFirst())", to: "copy/config.json")
    let options = LoadingOptions(interpolatesPositions: true, imageSize: 12)
    let (_, loaded, out) = try again(path, in: folder, options: options)
    #expect(loaded.configuration.imageSize == 12)
    let text = try String(contentsOfFile: "\(out)/config.json", encoding: .utf8)
    #expect(text == "{\(sizes)\(after.dropFirst())")
    try folder.write("{\(sizes)\"qkv_bias\": true}", to: "copy/config.json")
    let inserted = try again(path, in: folder, options: options).folder
    #expect(
      try String(contentsOfFile: "\(inserted)/config.json", encoding: .utf8)
        == "{\"image_size\": 12, \(sizes)\"qkv_bias\": true}")
  }

  @Test("New models of every family are written as transformers', and read again")
  func new() throws {
    let folder = try TemporaryFolder()
    for family in ViTFamily.allCases {
      for projection in family == .clip ? [5, nil] : [nil] {
        let configuration = ViTConfiguration(
          imageSize: 8, patchSize: 4, width: 8, layerCount: 2, headCount: 2, mlpWidth: 16,
          embeddingWidth: projection, activation: .gelu, family: family)
        let model = VisionTransformer(configuration: configuration)
        var random = KeyedRandom(seed: 1, "new")
        let checkpoint = VisionCheckpoint(
          configuration: configuration, parameters: model.initialParameters(random: &random))
        try checkpoint.write(to: folder.path)
        #expect(try VisionCheckpoint.load(folder.path) == checkpoint)
      }
    }
  }
}
