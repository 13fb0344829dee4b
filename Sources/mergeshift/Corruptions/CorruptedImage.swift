import TensorCore

/// A corrupted image as it is written.
struct CorruptedImage: Sendable {
  /// Of the file.
  let bytes: [UInt8]
  /// Of the samples that the bytes decode to.
  let hash: ContentHash
}
