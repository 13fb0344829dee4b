import Checkpoints
import TensorCore
import TestSupport
import Testing

@Suite("Sharded safetensors")
struct ShardedSafetensorsTests {
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, value) in [("a", Float(1)), ("b", 2)] {
      try SafetensorsWriter.write(
        [(name, Tensor(shape: [2], values: [value, value]))], metadata: ["format": "pt"],
        to: "\(folder.path)/\(name).safetensors")
    }
    return folder
  }

  private func open(_ folder: TemporaryFolder, _ index: String) throws -> ShardedSafetensors {
    let path = try folder.write(index, to: "model.safetensors.index.json")
    return try ShardedSafetensors(path: path)
  }

  @Test("Tensors come from the shards that the index names, in its order")
  func reading() throws {
    let folder = try folder()
    let file = try open(
      folder, #"{"metadata": {}, "weight_map": {"b": "b.safetensors", "a": "a.safetensors"}}"#)
    #expect(file.tensors.map(\.name) == ["b", "a"])
    #expect(try file.values(of: "a") == [1, 1])
    #expect(try file.bytes(of: "b") == [0, 0, 0, 64, 0, 0, 0, 64])
    #expect(file.metadata == ["format": "pt"])
    #expect(file.shardPaths == ["a", "b"].map { "\(folder.path)/\($0).safetensors" })
    #expect(throws: CheckpointError.missingTensors(file: file.path, names: ["c"])) {
      try file.values(of: "c")
    }
  }

  @Test(
    "What is wrong with the index or a shard is told",
    arguments: [
      (#"{"weight_map": {"a": "c.safetensors"}}"#, "its shard c.safetensors is not in the same"),
      (
        #"{"weight_map": {"c": "a.safetensors"}}"#,
        "a.safetensors: 1 tensors of the model are missing: c"
      ),
      (#"{"weight_map": {"a": "../a.safetensors"}}"#, "the file of 'a' is not a file's name"),
      (#"{"weight_map": {"a": "a.safetensors", "a": "b.safetensors"}}"#, "has 'a' twice"),
      (#"{"weights": {}}"#, "there is no weight_map"),
      ("{", "a name in quotes is expected at byte 1"),
    ])
  func failures(index: String, reason: String) throws {
    let folder = try folder()
    let error = #expect(throws: CheckpointError.self) { try open(folder, index) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }
}
