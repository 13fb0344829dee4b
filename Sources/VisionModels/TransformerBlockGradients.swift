internal import Kernels
internal import TensorCore

/// The gradients inside a block, for all images of a batch.
struct BlockGradients: Sendable {
  /// Of what the first half adds up to, of the heads' outputs, and of the MLP before its activation.
  let middle, context, hidden: ImageRows
  let queries, keys, values: ImageRows

  init(_ block: TransformerBlock, _ imageCount: Int) {
    middle = ImageRows(imageCount, block.queryCount * block.width)
    context = ImageRows(imageCount, block.queryCount * block.width)
    hidden = ImageRows(imageCount, block.queryCount * block.mlpWidth)
    queries = ImageRows(imageCount, block.queryCount * block.width)
    keys = ImageRows(imageCount, block.tokenCount * block.width)
    values = ImageRows(imageCount, block.tokenCount * block.width)
  }
}

/// Sums over the images of each chunk, added up in the order of the chunks in the end: the same
/// whatever thread did which chunk.
struct ChunkSums: Sendable {
  private let sums: FloatBuffer
  private let targets: [Range<Int>]
  private let length: Int
  private let chunkCount: Int

  /// - Parameter targets: the ranges of the gradients that are summed.
  init(chunkCount: Int, targets: [Range<Int>]) {
    self.targets = targets
    self.chunkCount = chunkCount
    length = targets.reduce(0) { $0 + $1.count }
    sums = FloatBuffer(zeros: chunkCount * length)
  }

  /// The sums of a chunk, one for each target.
  func views(chunk: Int) -> [MutableFloatView] {
    var start = chunk * length
    return targets.map { target in
      defer { start += target.count }
      return sums.view[start..<start + target.count]
    }
  }

  /// Adds all sums to `gradients`.
  func add(to gradients: MutableFloatView) {
    for chunk in 0..<chunkCount {
      for (target, sum) in zip(targets, views(chunk: chunk)) {
        RowOperations.add(sum.readOnly, to: gradients[target])
      }
    }
  }
}

/// One weight matrix's gradient, `dw += dy^T x` over all rows of a batch.
struct WeightGradient: Sendable {
  let outputGradient: FloatView
  let input: FloatView
  let rows, inputs, outputs: Int
  /// How far apart the rows of `input` lie.
  let stride: Int
  let target: Range<Int>

  /// A part of the matrix: large enough that copying the operands costs little beside multiplying
  /// them, small enough that there is work for all threads.
  private struct Tile: Sendable {
    let gradient: WeightGradient
    let rows, columns: Range<Int>
  }

  private var tiles: [Tile] {
    func pieces(_ count: Int, _ length: Int) -> [Range<Int>] {
      Swift.stride(from: 0, to: count, by: length).map { $0..<min(count, $0 + length) }
    }
    return pieces(outputs, 256).flatMap { rows in
      pieces(inputs, 768).map { Tile(gradient: self, rows: rows, columns: $0) }
    }
  }

  /// Adds these gradients to `target`, and calls `also` beside them.
  static func add(
    _ gradients: [WeightGradient], to target: MutableFloatView, also: @Sendable () -> Void
  ) {
    let tiles = gradients.flatMap(\.tiles)
    Parallel.forEach(tiles.count + 1) { index in
      guard index < tiles.count else { return also() }
      let tile = tiles[index]
      let gradient = tile.gradient
      MatMul.linearWeightGradient(
        gradient.outputGradient, gradient.input, rows: gradient.rows, inputs: gradient.inputs,
        outputs: gradient.outputs, tileRows: tile.rows, tileColumns: tile.columns,
        into: target[gradient.target], stride: gradient.stride)
    }
  }
}

extension TransformerBlock {
  /// What `backwardFeedForward` sums over the images.
  var feedForwardSums: [Range<Int>] {
    [
      ranges.shrinkBias, ranges.hiddenBias, ranges.norm2Weight, ranges.norm2Bias, ranges.outputBias,
    ]
  }

  /// What `backwardAttend` sums over the images. The keys' bias comes last or not at all: its
  /// gradient is zero in exact arithmetic.
  var attentionSums: [Range<Int>] {
    [ranges.queryBias, ranges.valueBias, ranges.norm1Weight, ranges.norm1Bias]
      + (keyBias == .drift ? [ranges.keyBias] : [])
  }

  /// The gradient back through `feedForward`, given that of its outcome; leaves in `kept` the inputs
  /// of the linear layers in place of what was kept.
  func backwardFeedForward(
    _ outcome: FloatView, _ parameters: FloatView, images: Range<Int>,
    kept: FeedForwardActivations, into gradients: BlockGradients, sums: [MutableFloatView],
    scratch y: MutableFloatView
  ) {
    let rows = images.count * queryCount
    let hidden = gradients.hidden[images]
    RowOperations.addColumnSums(outcome, rows: rows, into: sums[0])
    MatMul.linearInputGradient(
      outcome, parameters[ranges.shrinkWeight], rows: rows, inputs: mlpWidth, outputs: width,
      into: hidden)
    activation.backward(kept.hidden[images], gradient: hidden)
    RowOperations.addColumnSums(hidden.readOnly, rows: rows, into: sums[1])
    MatMul.linearInputGradient(
      hidden.readOnly, parameters[ranges.hiddenWeight], rows: rows, inputs: width,
      outputs: mlpWidth,
      into: y)
    let middle = gradients.middle[images]
    let gamma = parameters[ranges.norm2Weight]
    middle.copy(outcome)
    LayerNorm.backward(
      y.readOnly, normalized: kept.normalized[images].readOnly,
      scales: kept.scales[images].readOnly,
      gamma: gamma, rows: rows, width: width, into: middle, dgamma: sums[2], dbeta: sums[3])
    LayerNorm.affine(
      kept.normalized[images], gamma: gamma, beta: parameters[ranges.norm2Bias], rows: rows,
      width: width)
    RowOperations.addColumnSums(middle.readOnly, rows: rows, into: sums[4])
    MatMul.linearInputGradient(
      middle.readOnly, parameters[ranges.outputWeight], rows: rows, inputs: width, outputs: width,
      into: gradients.context[images])
  }

  /// The gradient back through `attend`, into `income`, `[images, tokenCount, width]`; leaves in
  /// `kept` the input of the linear layers in place of what was kept.
  func backwardAttend(
    _ parameters: FloatView, images: Range<Int>, kept: AttentionActivations,
    gradients: BlockGradients, into income: MutableFloatView, sums: [MutableFloatView],
    scratch y: MutableFloatView
  ) {
    let rows = images.count * tokenCount
    let queryRows = images.count * queryCount
    let queries = gradients.queries[images]
    let (keys, values) = (gradients.keys[images], gradients.values[images])
    attention.backward(
      gradients.context[images].readOnly, queries: kept.queries[images].readOnly,
      keys: kept.keys[images].readOnly, values: kept.values[images].readOnly,
      probabilities: kept.probabilities[images].readOnly, imageCount: images.count,
      dQueries: queries, dKeys: keys, dValues: values)
    RowOperations.addColumnSums(queries.readOnly, rows: queryRows, into: sums[0])
    RowOperations.addColumnSums(values.readOnly, rows: rows, into: sums[1])
    if keyBias == .drift {
      RowOperations.addColumnSums(keys.readOnly, rows: rows, into: sums[4])
    }
    MatMul.linearInputGradient(
      keys.readOnly, parameters[ranges.keyWeight], rows: rows, inputs: width, outputs: width,
      into: y)
    MatMul.linearInputGradient(
      values.readOnly, parameters[ranges.valueWeight], rows: rows, inputs: width, outputs: width,
      into: y, accumulate: true)
    MatMul.linearInputGradient(
      queries.readOnly, parameters[ranges.queryWeight], rows: queryRows, inputs: width,
      outputs: width, into: y, stride: queryStride, accumulate: true)
    if queryCount == tokenCount {
      income.copy(gradients.middle[images].readOnly)
    } else {
      income.fill(0)
      RowOperations.scatter(
        gradients.middle[images].readOnly, rows: queryRows, width: width, stride: queryStride,
        into: income)
    }
    let gamma = parameters[ranges.norm1Weight]
    LayerNorm.backward(
      y.readOnly, normalized: kept.normalized[images].readOnly,
      scales: kept.scales[images].readOnly,
      gamma: gamma, rows: rows, width: width, into: income, dgamma: sums[2], dbeta: sums[3])
    LayerNorm.affine(
      kept.normalized[images], gamma: gamma, beta: parameters[ranges.norm1Bias], rows: rows,
      width: width)
  }

  /// The gradients of the block's matrices, once both backward halves are through.
  func weightGradients(
    outcome: FloatView, gradients: BlockGradients, attention: AttentionActivations,
    feedForward: FeedForwardActivations, imageCount: Int
  ) -> [WeightGradient] {
    let rows = imageCount * tokenCount
    let queryRows = imageCount * queryCount
    func gradient(
      _ dy: FloatView, _ x: ImageRows, _ rows: Int, _ inputs: Int, _ outputs: Int,
      _ target: Range<Int>, stride: Int? = nil
    ) -> WeightGradient {
      WeightGradient(
        outputGradient: dy, input: x.all.readOnly, rows: rows, inputs: inputs, outputs: outputs,
        stride: stride ?? inputs, target: target)
    }
    return [
      gradient(
        gradients.hidden.all.readOnly, feedForward.normalized, queryRows, width, mlpWidth,
        ranges.hiddenWeight),
      gradient(outcome, feedForward.hidden, queryRows, mlpWidth, width, ranges.shrinkWeight),
      gradient(
        gradients.middle.all.readOnly, feedForward.context, queryRows, width, width,
        ranges.outputWeight),
      gradient(
        gradients.keys.all.readOnly, attention.normalized, rows, width, width, ranges.keyWeight),
      gradient(
        gradients.values.all.readOnly, attention.normalized, rows, width, width, ranges.valueWeight),
      gradient(
        gradients.queries.all.readOnly, attention.normalized, queryRows, width, width,
        ranges.queryWeight, stride: queryStride),
    ]
  }
}
