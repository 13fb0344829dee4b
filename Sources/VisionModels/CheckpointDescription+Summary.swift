internal import Checkpoints

extension CheckpointDescription {
  /// What was found, in words: `open_clip names, .pt state dict, F32, ViT-B/32`.
  public var summary: String {
    [namesText, filesText, typesText, BackboneCatalog.name(of: configuration)]
      .joined(separator: ", ")
  }

  private var namesText: String {
    let prefix = layout.prefix.isEmpty ? "" : " below '\(layout.prefix)'"
    // open_clip's are known by their scope, the towers' prefix.
    return (layout.names.isScoped ? "open_clip names" : "Hugging Face names") + prefix
  }

  private var filesText: String {
    let path = files.weights
    if path.hasSuffix(".index.json") {
      let count = (try? ShardedSafetensors(path: path).shardPaths.count) ?? 0
      return "\(count) shards of safetensors"
    }
    guard let suffix = TensorFiles.torchSuffixes.first(where: path.hasSuffix) else {
      return "safetensors"
    }
    return "\(suffix) state dict"
  }

  /// The types of the parameters, those of most tensors first.
  private var typesText: String {
    var counts: [(type: StorageType, count: Int)] = []
    for entry in layout.map(for: stored).entries {
      guard let type = source[entry.tensor]?.type else { continue }
      if let place = counts.firstIndex(where: { $0.type == type }) {
        counts[place].count += 1
      } else {
        counts.append((type, 1))
      }
    }
    return counts.sorted { $0.count > $1.count }.map(\.type.rawValue).joined(separator: " and ")
  }
}
