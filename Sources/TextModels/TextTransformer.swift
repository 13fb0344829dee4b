public import Checkpoints
internal import Kernels
public import TensorCore
internal import VisionModels

/// The text tower of CLIP (Radford et al. 2021) with its projection, as Hugging Face's
/// `CLIPTextModelWithProjection`, forward only: tokens and positions are embedded, pass through
/// causal attention blocks, and the end token's features, normalized and projected, stand for the
/// text.
///
/// What follows the end token changes nothing and is cut off; texts of one length pass together, in
/// groups of fixed size, so that the number of threads changes no bit of the outcome.
public struct TextTransformer: Sendable {
  public let configuration: TextConfiguration
  /// Named and ordered as PyTorch's `named_parameters()`.
  public let layout: ParameterLayout
  private let ranges: TextParameters

  public init(configuration: TextConfiguration) {
    self.configuration = configuration
    layout = configuration.layout
    ranges = TextParameters(layout, layerCount: configuration.layerCount)
  }

  /// Texts of equal length that pass together.
  private struct Group: Sendable {
    let tokenCount: Int
    /// Their places among all texts.
    let members: [Int]
  }

  /// Tokens that pass through the blocks together: as for images, what they need stays in a core's
  /// cache and the products are large.
  private static let groupTokens = 256

  /// The embeddings `[N, embeddingWidth]` of N texts, not normalized.
  ///
  /// - Parameters:
  ///   - texts: the tokens of each, with the start token, the end token and any padding behind it.
  ///   - parameters: of this model's `layout`.
  /// - Throws: `TextModelError.invalidTokens` for a text without end token, of more than
  ///   `configuration.tokenCount` tokens, or with a token that the vocabulary does not have.
  public func embeddings(
    of texts: [[Int]], parameters: borrowing StateDict
  ) throws(TextModelError) -> Tensor {
    precondition(parameters.layout == layout, "the parameters are those of this model")
    var cut: [[Int]] = []
    for tokens in texts { cut.append(try checked(tokens)) }
    let groups = Self.groups(cut)
    let width = configuration.embeddingWidth
    let embeddings = FloatBuffer(count: texts.count * width)
    unsafe parameters.values.withUnsafeBufferPointer { parameters in
      let parameters = unsafe FloatView(parameters)
      let texts = cut
      Parallel.forEach(groups.count) { index in
        let group = groups[index]
        let rows = FloatBuffer(count: group.members.count * width)
        pass(group.members.map { texts[$0] }, group.tokenCount, parameters, into: rows.view)
        for (row, member) in group.members.enumerated() {
          embeddings.view.rows(member..<member + 1, of: width).copy(
            rows.readOnly[row * width..<(row + 1) * width])
        }
      }
    }
    return Tensor(shape: [texts.count, width], values: embeddings.values)
  }

  /// The tokens up to the one whose features are taken.
  private func checked(_ tokens: [Int]) throws(TextModelError) -> [Int] {
    guard tokens.count <= configuration.tokenCount else {
      throw .invalidTokens(
        problem: "\(tokens.count) of them, the model takes \(configuration.tokenCount)")
    }
    if let token = tokens.first(where: { !(0..<configuration.vocabularySize).contains($0) }) {
      throw .invalidTokens(
        problem: "\(token) is not among the model's \(configuration.vocabularySize)")
    }
    guard let end = configuration.pooledPosition(of: tokens) else {
      throw .invalidTokens(problem: "the end token \(configuration.endToken) is not among them")
    }
    return Array(tokens[...end])
  }

  private static func groups(_ texts: [[Int]]) -> [Group] {
    let byLength = Dictionary(grouping: texts.indices) { texts[$0].count }
    return byLength.sorted { $0.key < $1.key }.flatMap { length, members in
      let size = max(1, groupTokens / length)
      return stride(from: 0, to: members.count, by: size).map { start in
        Group(
          tokenCount: length, members: Array(members[start..<min(start + size, members.count)]))
      }
    }
  }

  /// Writes the embeddings of `texts`, all of `tokenCount` tokens of which the last is the end token.
  private func pass(
    _ texts: [[Int]], _ tokenCount: Int, _ parameters: FloatView,
    into embeddings: MutableFloatView
  ) {
    let (width, count) = (configuration.width, texts.count)
    let rows = count * tokenCount
    let x = FloatBuffer(count: rows * width).view
    let y = FloatBuffer(count: rows * width).view
    let activated = FloatBuffer(count: rows * configuration.mlpWidth).view
    embed(texts, tokenCount, parameters, into: x)
    let blocks = ranges.blocks.map { ranges in
      TransformerBlock(
        width: width, headCount: configuration.headCount, mlpWidth: configuration.mlpWidth,
        tokenCount: tokenCount, queryCount: tokenCount, isCausal: true,
        activation: configuration.activation, epsilon: configuration.layerNormEpsilon,
        ranges: ranges)
    }
    // Nothing is kept for gradients: the blocks overwrite each other's.
    let attention = AttentionActivations(blocks[0], count)
    let feedForward = FeedForwardActivations(blocks[0], count)
    let all = 0..<count
    for block in blocks {
      block.attend(
        x.readOnly, parameters, images: all, keeping: attention,
        context: feedForward.context[all], scratch: y)
      block.feedForward(
        x, parameters, images: all, keeping: feedForward, scratch: y, activated: activated)
    }
    let ends = FloatBuffer(count: count * width).view
    RowOperations.gather(
      x.readOnly[(tokenCount - 1) * width..<rows * width], rows: count, width: width,
      stride: tokenCount * width, into: ends)
    let normalized = FloatBuffer(count: count * width).view
    LayerNorm.forward(
      ends.readOnly, gamma: parameters[ranges.finalNormWeight],
      beta: parameters[ranges.finalNormBias], epsilon: configuration.layerNormEpsilon, rows: count,
      width: width, into: normalized, normalized: y[0..<count * width],
      scales: FloatBuffer(count: count).view)
    MatMul.linear(
      normalized.readOnly, parameters[ranges.projection], rows: count, inputs: width,
      outputs: configuration.embeddingWidth, into: embeddings)
  }

  private func embed(
    _ texts: [[Int]], _ tokenCount: Int, _ parameters: FloatView, into x: MutableFloatView
  ) {
    let width = configuration.width
    let tokens = parameters[ranges.tokenEmbedding]
    let positions = parameters[ranges.positionEmbedding][0..<tokenCount * width]
    for (index, text) in texts.enumerated() {
      for (position, token) in text.enumerated() {
        let row = index * tokenCount + position
        x.rows(row..<row + 1, of: width).copy(tokens[token * width..<(token + 1) * width])
      }
      RowOperations.add(positions, to: x.rows(index..<index + 1, of: tokenCount * width))
    }
  }
}
