/// Opens files of tensors by what they are called.
public enum TensorFiles {
  /// How the names of PyTorch's files end.
  public static let torchSuffixes = [".pt", ".pth", ".bin", ".ckpt"]

  /// Opens a safetensors file, an index of shards (`*.index.json`), or a state dict of `torch.save`.
  ///
  /// - Throws: as `SafetensorsFile.init(path:)`, `ShardedSafetensors.init(path:)` and
  ///   `TorchStateDict.init(path:)`.
  public static func open(_ path: String) throws(CheckpointError) -> any TensorSource {
    if isTorch(path) { return try TorchStateDict(path: path) }
    if path.hasSuffix(".index.json") { return try ShardedSafetensors(path: path) }
    return try SafetensorsFile(path: path)
  }

  public static func isTorch(_ path: String) -> Bool {
    torchSuffixes.contains { path.hasSuffix($0) }
  }
}
