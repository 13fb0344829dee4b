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
    let whole = try TextCheckpoint.load(directory: GoldenFiles.path("tiny"))
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
    let whole = try TextCheckpoint.load(directory: GoldenFiles.path("tiny"))
    #expect(abs(try #require(whole.logitScale) - 33.115452) < 1e-4)
    let folder = try TemporaryFolder()
    try TinyConfiguration.write(
      TinyConfiguration.keys(), to: "\(folder.path)/config.json")
    try SafetensorsWriter.write(tower(), to: "\(folder.path)/model.safetensors")
    let alone = try TextCheckpoint.load(directory: folder.path)
    #expect(alone.configuration == whole.configuration)
    #expect(alone.parameters == whole.parameters)
    #expect(alone.logitScale == nil)
  }

  @Test("Errors name the file and the tensor")
  func failures() throws {
    let folder = try TemporaryFolder()
    func problem(_ tensors: [(name: String, tensor: Tensor)]?) throws -> String {
      if let tensors {
        try SafetensorsWriter.write(tensors, to: "\(folder.path)/model.safetensors")
      }
      let error = #expect(throws: TextModelError.self) {
        try TextCheckpoint.load(directory: folder.path)
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
