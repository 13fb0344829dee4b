internal import Kernels
internal import Synchronization

/// What is kept of a pass through the blocks.
struct TrunkActivations: Sendable {
  let patches, normalized, scales: ImageRows
  let attention: [AttentionActivations]
  /// Those of all blocks but the last.
  let feedForward: [FeedForwardActivations]

  /// - Parameter shared: whether the blocks overwrite each other's, when no gradient is wanted.
  init(_ model: VisionTransformer, _ imageCount: Int, shared: Bool) {
    let tokens = model.configuration.tokenCount
    patches = ImageRows(imageCount, tokens * model.patches.patchLength)
    let normedTokens = model.ranges.preNorm == nil ? 0 : tokens
    normalized = ImageRows(imageCount, normedTokens * model.configuration.width)
    scales = ImageRows(imageCount, normedTokens)
    let first = AttentionActivations(model.blocks[0], imageCount)
    let firstFeedForward = FeedForwardActivations(model.blocks[0], imageCount)
    attention = model.blocks.enumerated().map { index, block in
      index == 0 || shared && block.queryCount == model.blocks[0].queryCount
        ? first : AttentionActivations(block, imageCount)
    }
    feedForward = model.blocks.dropLast().enumerated().map { index, block in
      index == 0 || shared ? firstFeedForward : FeedForwardActivations(block, imageCount)
    }
  }
}

extension VisionTransformer {
  public var activationBytesPerImage: Int {
    let tokens = configuration.tokenCount
    let floats = blocks.reduce(tokens * (patches.patchLength + configuration.width + 1)) {
      sum, block in
      sum + tokens * (3 * block.width + 1) + block.queryCount * (3 * block.width + block.mlpWidth)
        + block.attention.probabilityCount
    }
    return floats * MemoryLayout<Float>.stride
  }
}

/// What is kept behind the attention of the last block, where only class tokens are left.
struct TailActivations: Sendable {
  /// The class tokens: first what enters the last block, in the end what leaves it.
  let tokens: ImageRows
  let feedForward: FeedForwardActivations
  let normalized, scales: ImageRows

  init(_ model: VisionTransformer, _ imageCount: Int) {
    let width = model.configuration.width
    tokens = ImageRows(imageCount, width)
    feedForward = FeedForwardActivations(model.blocks.last!, imageCount)
    normalized = ImageRows(imageCount, width)
    scales = ImageRows(imageCount, 1)
  }
}

/// The contents of a vision transformer's `ActivationTape`. The backward pass overwrites them, so
/// there can be one only.
final class ViTTape: Sendable {
  let imageCount: Int
  let trunk: TrunkActivations
  let tail: TailActivations
  private let isUsed = Atomic(false)

  init(imageCount: Int, trunk: TrunkActivations, tail: TailActivations) {
    self.imageCount = imageCount
    self.trunk = trunk
    self.tail = tail
  }

  func use() {
    precondition(!isUsed.exchange(true, ordering: .relaxed), "a tape is for one backward pass")
  }
}
