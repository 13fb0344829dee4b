import Checkpoints
import Merging
import VisionModels

extension FuzzTarget {
  static let checkpoints: [FuzzTarget] = [
    FuzzTarget(name: "safetensors") { bytes in
      let path = folder.write(bytes, "input.safetensors")
      guard let file = accepted("input", { try SafetensorsFile(path: path) }) else { return }
      let bound = file.tensors.reduce(0) { sum, tensor in
        sum + (accepted("input") { try file.bytes(of: tensor.name) } ?? []).count
      }
      // No byte belongs to two tensors.
      precondition(bound <= bytes.count)
      read(file)
      _ = accepted("input") { try ClassificationHead(contentsOf: path) }
    },
    FuzzTarget(name: "shard-index") { bytes in
      let path = folder.write(bytes, "model.safetensors.index.json")
      guard let file = accepted("model", { try ShardedSafetensors(path: path) }) else { return }
      precondition(file.shardPaths.allSatisfy { $0.hasPrefix(folder.path) })
      read(file)
    },
    FuzzTarget(name: "torch") { bytes in
      let path = folder.write(bytes, "input.pt")
      if let file = accepted("input", { try TorchStateDict(path: path) }) { read(file) }
      if let module = accepted("input", { try TorchModule(path: path) }) {
        _ = accepted("input") { try module?.parameter("weight") }
      }
      _ = accepted("input") { try ClassificationHead(contentsOf: path) }
    },
    FuzzTarget(name: "coefficients") { bytes in
      let path = folder.write(bytes, "coefficients.json")
      _ = accepted("coefficients") { try MergingCoefficients(contentsOf: path) }
    },
  ]

  private static let folder = ScratchFolder("checkpoints")

  private static func read(_ source: some TensorSource) {
    // Names may stand for one storage: as many values as a few of them have.
    for tensor in source.tensors.prefix(64) {
      if let values = accepted(source.path, { try source.values(of: tensor.name) }) {
        precondition(values.count == tensor.shape.count)
      }
    }
  }
}
