import Checkpoints
import Foundation
import TensorCore
import TestSupport
import Testing

extension TemporaryFolder {
  func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

func bytes(of path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(filePath: path)))
}

@Suite("Parameter layouts and state dicts")
struct StateDictTests {
  private let layout = ParameterLayout([
    ("vision_model.embeddings.class_embedding", [2]), ("visual_projection.weight", [1, 3]),
  ])

  private func file(
    in folder: TemporaryFolder, _ tensors: [(name: String, tensor: Tensor)], dtype: DType = .float32
  ) throws -> SafetensorsFile {
    let path = "\(folder.path)/model.safetensors"
    try SafetensorsWriter.write(tensors, dtype: dtype, order: .asGiven, to: path)
    return try SafetensorsFile(path: path)
  }

  @Test("Entries follow one another, scalars take one place")
  func offsets() {
    let layout = ParameterLayout([("a", [2, 3]), ("b", Shape([])), ("c", [4])])
    #expect(layout.entries.map(\.range) == [0..<6, 6..<7, 7..<11])
    #expect(layout.count == 11)
    #expect(layout["b"]?.offset == 6)
    #expect(layout["d"] == nil)
    #expect(layout.position(of: "c") == 2)
  }

  @Test("Layouts are equal if names, shapes and order are")
  func equality() {
    #expect(ParameterLayout([("a", [2])]) == ParameterLayout([("a", [2])]))
    #expect(ParameterLayout([("a", [2])]) != ParameterLayout([("a", [1, 2])]))
    #expect(
      ParameterLayout([("a", [2]), ("b", [2])]) != ParameterLayout([("b", [2]), ("a", [2])]))
  }

  @Test("A tensor of a state dict is a copy of its place in the flat vector")
  func tensors() {
    var state = StateDict(layout: layout, values: [1, 2, 3, 4, 5])
    #expect(
      state["visual_projection.weight"] == Tensor(shape: [1, 3], values: [3, 4, 5]))
    state["vision_model.embeddings.class_embedding"] = Tensor(shape: [2], values: [8, 9])
    #expect(state.values == [8, 9, 3, 4, 5])
  }

  @Test("Reads a vision tower by the model's order, with or without 'vision_model.'")
  func reading() throws {
    let folder = try TemporaryFolder()
    for prefix in ["", "vision_model."] {
      let file = try file(
        in: folder,
        [
          ("visual_projection.weight", Tensor(shape: [1, 3], values: [3, 4, 5])),
          ("\(prefix)embeddings.class_embedding", Tensor(shape: [2], values: [1, 2])),
          ("text_model.encoder.layers.0.x", Tensor(zeros: [1])),
          ("logit_scale", Tensor(zeros: [1])),
          ("\(prefix)embeddings.position_ids", Tensor(zeros: [1])),
        ])
      #expect(try file.stateDict(for: layout).values == [1, 2, 3, 4, 5])
    }
  }

  @Test("All missing tensors are named")
  func missing() throws {
    let folder = try TemporaryFolder()
    let file = try file(in: folder, [("logit_scale", Tensor(zeros: [1]))])
    #expect(throws: CheckpointError.missingTensors(file: file.path, names: layout.names)) {
      try file.stateDict(for: layout)
    }
  }

  @Test("All tensors that the model does not have are named")
  func unexpected() throws {
    let folder = try TemporaryFolder()
    let file = try file(
      in: folder,
      [
        ("extra", Tensor(zeros: [1])), ("visual_projection.weight", Tensor(zeros: [1, 3])),
        ("other", Tensor(zeros: [1])), ("embeddings.class_embedding", Tensor(zeros: [2])),
      ])
    #expect(
      throws: CheckpointError.unexpectedTensors(file: file.path, names: ["extra", "other"])
    ) {
      try file.stateDict(for: layout)
    }
  }

  @Test("A tensor both with and without its prefix is ambiguous")
  func ambiguous() throws {
    let folder = try TemporaryFolder()
    let name = "embeddings.class_embedding"
    let file = try file(
      in: folder,
      [(name, Tensor(zeros: [2])), ("vision_model.\(name)", Tensor(zeros: [2]))])
    #expect(
      throws: CheckpointError.ambiguousName(file: file.path, tensor: "vision_model.\(name)")
    ) {
      try file.stateDict(for: layout)
    }
  }

  @Test("A tensor of another shape is refused")
  func shape() throws {
    let folder = try TemporaryFolder()
    let file = try file(
      in: folder,
      [
        ("visual_projection.weight", Tensor(zeros: [3, 1])),
        ("embeddings.class_embedding", Tensor(zeros: [2])),
      ])
    #expect(
      throws: CheckpointError.shapeMismatch(
        file: file.path, tensor: "visual_projection.weight", expected: [1, 3], got: [3, 1])
    ) {
      try file.stateDict(for: layout)
    }
  }

  @Test("Replacing parameters keeps the file's names, order, type, header and other tensors")
  func replacing() throws {
    let folder = try TemporaryFolder()
    let original = try file(
      in: folder,
      [
        ("visual_projection.weight", Tensor(zeros: [1, 3])),
        ("logit_scale", Tensor(shape: [1], values: [7])),
        ("embeddings.class_embedding", Tensor(zeros: [2])),
      ], dtype: .float16)
    let replaced = try original.replacing(StateDict(layout: layout, values: [1, 2, 3, 4, 0.1]))
    let path = try folder.write(replaced, to: "merged.safetensors")
    let merged = try SafetensorsFile(path: path)
    #expect(merged.header == original.header)
    #expect(try merged.tensor(named: "logit_scale").values == [7])
    #expect(
      try merged.stateDict(for: layout).values
        == [1, 2, 3, 4, HalfPrecision.float(fromFloat16: HalfPrecision.float16Bits(0.1))])
  }

  @Test("The canonical names are those of the vision tower with projection")
  func canonicalNames() {
    #expect(
      WeightNames.canonical("encoder.layers.3.mlp.fc1.bias")
        == "vision_model.encoder.layers.3.mlp.fc1.bias")
    #expect(WeightNames.canonical("pre_layrnorm.weight") == "vision_model.pre_layrnorm.weight")
    #expect(
      WeightNames.canonical("vision_model.post_layernorm.bias")
        == "vision_model.post_layernorm.bias")
    #expect(WeightNames.canonical("visual_projection.weight") == "visual_projection.weight")
    #expect(WeightNames.canonical("head.weight") == "head.weight")
  }
}
