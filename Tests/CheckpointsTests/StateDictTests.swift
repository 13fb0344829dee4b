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

  /// A file's names for the two parameters of `layout`: a prefix, and the matrix transposed.
  private let map = NameMap(
    [
      .init(
        tensor: "visual.class_embedding", parameters: ["vision_model.embeddings.class_embedding"]),
      .init(
        tensor: "visual.proj", parameters: ["visual_projection.weight"], isTransposed: true),
    ], others: ["text_model."], scope: "visual.")

  @Test("Reads parameters under a file's names, transposed where the file has them so")
  func reading() throws {
    let folder = try TemporaryFolder()
    let file = try file(
      in: folder,
      [
        ("visual.proj", Tensor(shape: [3, 1], values: [3, 4, 5])),
        ("visual.class_embedding", Tensor(shape: [2], values: [1, 2])),
        ("text_model.encoder.layers.0.x", Tensor(zeros: [1])),
        ("logit_scale", Tensor(zeros: [1])),
        ("visual.position_ids", Tensor(zeros: [1])),
      ])
    #expect(try file.stateDict(for: layout, by: map).values == [1, 2, 3, 4, 5])
  }

  @Test("One tensor may hold several parameters, one below the other")
  func fused() throws {
    let folder = try TemporaryFolder()
    let file = try file(
      in: folder, [("qkv", Tensor(shape: [4, 2], values: (0..<8).map(Float.init)))])
    let layout = ParameterLayout([("v", [1, 2]), ("q", [2, 2]), ("k", [1, 2])])
    let map = NameMap([.init(tensor: "qkv", parameters: ["q", "k", "v"])])
    let state = try file.stateDict(for: layout, by: map)
    #expect(state.values == [6, 7, 0, 1, 2, 3, 4, 5])
    let path = "\(folder.path)/again.safetensors"
    try SafetensorsWriter.write(state, like: file, by: map, to: path)
    #expect(try SafetensorsFile(path: path).tensor(named: "qkv") == file.tensor(named: "qkv"))
  }

  @Test("All missing tensors are named")
  func missing() throws {
    let folder = try TemporaryFolder()
    let file = try file(in: folder, [("text_model.x", Tensor(zeros: [1]))])
    #expect(
      throws: CheckpointError.missingTensors(file: file.path, names: map.entries.map(\.tensor))
    ) {
      try file.stateDict(for: layout, by: map)
    }
  }

  @Test("All that is wrong is told: missing, unexpected, of another shape, not floats")
  func several() throws {
    let folder = try TemporaryFolder()
    let header = """
      {"visual.extra":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},\
      "visual.other":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},\
      "visual.proj":{"dtype":"F32","shape":[1,3],"data_offsets":[8,20]}}
      """
    let path = try folder.write(safetensors(header, dataCount: 20), to: "model.safetensors")
    let file = try SafetensorsFile(path: path)
    #expect(
      throws: CheckpointError.several([
        .missingTensors(file: path, names: ["visual.class_embedding"]),
        .unexpectedTensors(file: path, names: ["visual.extra", "visual.other"]),
        .shapeMismatch(file: path, tensor: "visual.proj", expected: [3, 1], got: [1, 3]),
      ])
    ) {
      try file.stateDict(for: layout, by: map)
    }
    let ids = ParameterLayout([("ids", [3])])
    let mixed = try SafetensorsFile(path: golden("mixed.safetensors"))
    let names = NameMap(identityOf: ids, others: ["half", "single", "brain"])
    #expect(throws: CheckpointError.notFloat(file: mixed.path, tensor: "ids", dtype: .int64)) {
      try mixed.stateDict(for: ids, by: names)
    }
  }

  @Test(
    "Parameters are written in the file's names, forms, order and types, with its other tensors")
  func writing() throws {
    let folder = try TemporaryFolder()
    let original = try file(
      in: folder,
      [
        ("visual.proj", Tensor(zeros: [3, 1])),
        ("logit_scale", Tensor(shape: [1], values: [7])),
        ("visual.class_embedding", Tensor(zeros: [2])),
      ], dtype: .float16)
    let path = "\(folder.path)/merged.safetensors"
    let state = StateDict(layout: layout, values: [1, 2, 3, 4, 0.1])
    try SafetensorsWriter.write(state, like: original, by: map, to: path)
    let merged = try SafetensorsFile(path: path)
    #expect(merged.header.entries == original.header.entries)
    #expect(try merged.tensor(named: "logit_scale").values == [7])
    let tenth = HalfPrecision.float(fromFloat16: HalfPrecision.float16Bits(0.1))
    #expect(try merged.stateDict(for: layout, by: map).values == [1, 2, 3, 4, tenth])
    try SafetensorsWriter.write(state, like: original, by: map, dtype: .float32, to: path)
    let wide = try SafetensorsFile(path: path)
    #expect(try wide.stateDict(for: layout, by: map) == state)
    #expect(wide["logit_scale"]?.type == .float16, "what is carried keeps its type")
  }
}
