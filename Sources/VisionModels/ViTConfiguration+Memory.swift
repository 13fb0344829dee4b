internal import Checkpoints

extension ViTConfiguration {
  /// Parameters of the model.
  public var parameterCount: Int { layout.count }

  /// Bytes that a recorded forward pass keeps of each image for its gradients.
  public var recordedByteCount: Int {
    let (tokens, patch) = (tokenCount, 3 * patchSize * patchSize)
    // Two norms, queries, keys, values and what attention gives; the MLP; attention's shares.
    let block = tokens * (6 * width + mlpWidth) + headCount * tokens * tokens
    return (layerCount * block + tokens * (patch + width)) * MemoryLayout<Float>.stride
  }
}
