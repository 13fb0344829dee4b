import Checkpoints
import Foundation
import TensorCore
import TestSupport
import Testing
import TextModels

@Suite("Text checkpoints")
struct TextCheckpointTests {
  /// The tensors of the tiny model's text tower.
  private func tower() throws -> [(name: String, tensor: Tensor)] {
    let file = try SafetensorsFile(path: GoldenFiles.path("tiny/model.safetensors"))
    return try file.names.filter { $0.hasPrefix("text_") }.map {
      ($0, try file.tensor(named: $0))
    }
  }

  @Test("The layout is PyTorch's named_parameters()")
  func layout() throws {
    let whole = try TextCheckpoint.load(GoldenFiles.path("tiny"))
    let layout = whole.parameters.layout
    #expect(layout.names.first == "text_model.embeddings.token_embedding.weight")
    #expect(layout.names[2] == "text_model.encoder.layers.0.self_attn.k_proj.weight")
    #expect(layout.names.last == "text_projection.weight")
    #expect(Set(layout.names) == Set(try tower().map(\.name)))
    let folder = try TemporaryFolder()
    let base = try TextConfiguration(contentsOf: folder.write("{}", to: "config.json"))
    #expect(TextTransformer(configuration: base).layout.count == 63_428_096)
  }

  @Test("A text tower alone is the same as within a whole model, but has no logit scale")
  func alone() throws {
    let whole = try TextCheckpoint.load(GoldenFiles.path("tiny"))
    #expect(abs(try #require(whole.logitScale) - 33.115452) < 1e-4)
    let folder = try TemporaryFolder()
    try TinyConfiguration.write(
      TinyConfiguration.keys(), to: "\(folder.path)/config.json")
    try SafetensorsWriter.write(tower(), to: "\(folder.path)/model.safetensors")
    let alone = try TextCheckpoint.load(folder.path)
    #expect(alone.configuration == whole.configuration)
    #expect(alone.parameters == whole.parameters)
    #expect(alone.logitScale == nil)
  }

  @Test("NaN among the weights is refused with the tensor")
  func nonFinite() throws {
    let folder = try TemporaryFolder()
    try TinyConfiguration.write(TinyConfiguration.keys(), to: "\(folder.path)/config.json")
    var tensors = try tower()
    tensors[1].tensor.values[7] = .nan
    let path = "\(folder.path)/model.safetensors"
    try SafetensorsWriter.write(tensors, to: path)
    #expect(
      throws: TextModelError.checkpoint(
        .nonFinite(file: path, tensor: tensors[1].name, count: 1, first: 7))
    ) { try TextCheckpoint.load(folder.path) }
  }

  @Test("Shards and their index are one checkpoint")
  func shards() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: GoldenFiles.path("tiny/config.json"), toPath: "\(folder.path)/config.json")
    let tensors = try tower()
    let half = tensors.count / 2
    var map: [String: String] = [:]
    for (name, part) in [("a", tensors[..<half]), ("b", tensors[half...])] {
      try SafetensorsWriter.write(Array(part), to: "\(folder.path)/\(name).safetensors")
      for tensor in part { map[tensor.name] = "\(name).safetensors" }
    }
    try JSONEncoder().encode(["weight_map": map])
      .write(to: URL(filePath: "\(folder.path)/model.safetensors.index.json"))
    let whole = try TextCheckpoint.load(GoldenFiles.path("tiny"))
    #expect(try TextCheckpoint.load(folder.path).parameters == whole.parameters)
  }

  @Test(
    "open_clip's weights embed texts as open_clip does",
    arguments: ["open_clip.safetensors", "open_clip.pt"])
  func openCLIP(file: String) throws {
    let checkpoint = try TextCheckpoint.load(GoldenFiles.path("open_clip/\(file)"))
    let configuration = checkpoint.configuration
    #expect((configuration.layerCount, configuration.headCount) == (2, 1))
    #expect((configuration.mlpWidth, configuration.embeddingWidth) == (96, 12))
    #expect(abs(try #require(checkpoint.logitScale) - exp(3.5)) < 1e-3)
    let golden = try SafetensorsFile(path: GoldenFiles.path("open_clip/golden.safetensors"))
    let tokens = try golden.tensor(named: "tokens")
    let texts = (0..<tokens.rowCount).map { row in
      tokens.rows(row..<row + 1).values.map { Int($0) }
    }
    let embeddings = try TextTransformer(configuration: configuration).embeddings(
      of: texts, parameters: checkpoint.parameters)
    #expect(relativeError(embeddings, try golden.tensor(named: "embeddings")) < 1e-5)
  }

  @Test(
    "open_clip's names are known under the prefixes of its wrappers",
    arguments: [("text.", "logit_scale"), ("module.model.", "module.model.logit_scale")])
  func prefixes(prefix: String, scale: String) throws {
    let file = try SafetensorsFile(path: GoldenFiles.path("open_clip/open_clip.safetensors"))
    let folder = try TemporaryFolder()
    try SafetensorsWriter.write(
      file.names.map { name in
        (name == "logit_scale" ? scale : prefix + name, try file.tensor(named: name))
      }, to: "\(folder.path)/open_clip_model.safetensors")
    let plain = try TextCheckpoint.load(GoldenFiles.path("open_clip/open_clip.safetensors"))
    #expect(try TextCheckpoint.load(folder.path) == plain)
  }

  @Test("Weights without a text tower are refused with the names that were looked for")
  func noTower() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/vision.safetensors"
    try SafetensorsWriter.write([("visual.proj", Tensor(zeros: [4, 4]))], to: path)
    let error = #expect(throws: TextModelError.self) { try TextCheckpoint.load(path) }
    #expect("\(error!)".contains("text.token_embedding.weight"))
    try SafetensorsWriter.write(tower(), to: path)
    let unconfigured = #expect(throws: TextModelError.self) { try TextCheckpoint.load(path) }
    #expect("\(unconfigured!)".contains("need their config.json"))
    try SafetensorsWriter.write(
      [
        ("token_embedding.weight", Tensor(zeros: [9, 48])),
        ("transformer.resblocks.0.mlp.c_fc.weight", Tensor(zeros: [96, 48])),
      ], to: path)
    let narrow = #expect(throws: TextModelError.self) { try TextCheckpoint.load(path) }
    #expect("\(narrow!)".contains("the width 48 is no multiple of 64"))
  }

  @Test("Errors name the file and the tensor")
  func failures() throws {
    let folder = try TemporaryFolder()
    func problem(_ tensors: [(name: String, tensor: Tensor)]?) throws -> String {
      if let tensors {
        try SafetensorsWriter.write(tensors, to: "\(folder.path)/model.safetensors")
      }
      let error = #expect(throws: TextModelError.self) {
        try TextCheckpoint.load(folder.path)
      }
      return error.map { "\($0)" } ?? ""
    }
    #expect(try problem(nil).contains("config.json: can't be read"))
    try TinyConfiguration.write(TinyConfiguration.keys(), to: "\(folder.path)/config.json")
    #expect(try problem(nil).contains("model.safetensors"))
    let tensors = try tower()
    let others = tensors.filter { $0.name != "text_projection.weight" }
    #expect(try problem(others).contains("text_projection.weight"))
    #expect(
      try problem(others + [("text_projection.weight", Tensor(zeros: [12, 25]))])
        .contains("shape [12, 25]"))
    let layer = "text_model.encoder.layers.2.mlp.fc1.bias"
    #expect(
      try problem(tensors + [(layer, Tensor(zeros: [40]))]).contains("does not have: \(layer)"))
    let scale: [(name: String, tensor: Tensor)] = [("logit_scale", Tensor(zeros: [2]))]
    #expect(try problem(tensors + scale).contains("logit_scale': should be one number"))
  }
}
