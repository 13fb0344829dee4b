package import Kernels

/// One residual attention block of CLIP's towers: `x += out_proj(attention(layer_norm1(x)))`, then
/// `x += fc2(act(fc1(layer_norm2(x))))`.
///
/// In the last block of a vision tower only the class tokens ask (`queryCount` 1), since only they
/// leave it. In a text tower, whose texts take the place of images, the attention is causal.
package struct TransformerBlock: Sendable {
  package let width, mlpWidth, tokenCount, queryCount: Int
  let activation: ActivationFunction
  let epsilon: Float
  let attention: Attention
  let ranges: BlockParameters
  var keyBias: KeyBiasGradient = .exact

  /// - Parameters:
  ///   - tokenCount: the tokens of an image or text.
  ///   - queryCount: how many of them ask: all, or the first alone.
  ///   - isCausal: whether a token sees those before it and itself alone; all ask then.
  package init(
    width: Int, headCount: Int, mlpWidth: Int, tokenCount: Int, queryCount: Int,
    isCausal: Bool = false, activation: Activation, epsilon: Float, ranges: BlockParameters
  ) {
    self.width = width
    self.mlpWidth = mlpWidth
    self.tokenCount = tokenCount
    self.queryCount = queryCount
    self.activation = activation.function
    self.epsilon = epsilon
    attention = Attention(
      headCount: headCount, headWidth: width / headCount, tokenCount: tokenCount,
      queryCount: queryCount, isCausal: isCausal)
    self.ranges = ranges
  }

  init(_ configuration: ViTConfiguration, ranges: BlockParameters, isLast: Bool) {
    self.init(
      width: configuration.width, headCount: configuration.headCount,
      mlpWidth: configuration.mlpWidth, tokenCount: configuration.tokenCount,
      queryCount: isLast ? 1 : configuration.tokenCount, activation: configuration.activation,
      epsilon: configuration.layerNormEpsilon, ranges: ranges)
  }

  /// How far apart the tokens that ask lie among all tokens, in floats.
  var queryStride: Int { queryCount == tokenCount ? width : tokenCount * width }

  /// The first half up to the heads' outputs.
  ///
  /// - Parameters:
  ///   - x: the tokens of the images, `[images, tokenCount, width]`.
  ///   - images: where `kept` has room for these images.
  ///   - context: gets the heads' outputs, `[images, queryCount, width]`.
  ///   - y: scratch as large as `x`.
  package func attend(
    _ x: FloatView, _ parameters: FloatView, images: Range<Int>, keeping kept: AttentionActivations,
    context: MutableFloatView, scratch y: MutableFloatView
  ) {
    let rows = images.count * tokenCount
    LayerNorm.forward(
      x, gamma: parameters[ranges.norm1Weight], beta: parameters[ranges.norm1Bias],
      epsilon: epsilon, rows: rows, width: width, into: y, normalized: kept.normalized[images],
      scales: kept.scales[images])
    let (queries, keys, values) = (kept.queries[images], kept.keys[images], kept.values[images])
    project(y.readOnly, parameters, ranges.keyWeight, ranges.keyBias, rows, width, into: keys)
    project(y.readOnly, parameters, ranges.valueWeight, ranges.valueBias, rows, width, into: values)
    project(
      y.readOnly, parameters, ranges.queryWeight, ranges.queryBias, images.count * queryCount,
      queryStride, into: queries)
    attention.forward(
      queries: queries.readOnly, keys: keys.readOnly, values: values.readOnly,
      imageCount: images.count,
      probabilities: kept.probabilities[images], context: context)
  }

  private func project(
    _ y: FloatView, _ parameters: FloatView, _ weight: Range<Int>, _ bias: Range<Int>, _ rows: Int,
    _ stride: Int, into result: MutableFloatView
  ) {
    MatMul.linear(
      y, parameters[weight], rows: rows, inputs: width, outputs: width, into: result,
      stride: stride)
    RowOperations.addBias(result, parameters[bias], rows: rows)
  }

  /// The rest of the block, for the tokens that ask: `x`, `[images, queryCount, width]`, in place.
  ///
  /// - Parameters:
  ///   - kept: already has the `context`.
  ///   - y: scratch as large as `x`.
  ///   - activated: scratch for the MLP, `[images, queryCount, mlpWidth]`.
  package func feedForward(
    _ x: MutableFloatView, _ parameters: FloatView, images: Range<Int>,
    keeping kept: FeedForwardActivations, scratch y: MutableFloatView, activated: MutableFloatView
  ) {
    let rows = images.count * queryCount
    MatMul.linear(
      kept.context[images].readOnly, parameters[ranges.outputWeight], rows: rows, inputs: width,
      outputs: width, into: x, accumulate: true)
    RowOperations.addBias(x, parameters[ranges.outputBias], rows: rows)
    LayerNorm.forward(
      x.readOnly, gamma: parameters[ranges.norm2Weight], beta: parameters[ranges.norm2Bias],
      epsilon: epsilon, rows: rows, width: width, into: y, normalized: kept.normalized[images],
      scales: kept.scales[images])
    let hidden = kept.hidden[images]
    MatMul.linear(
      y.readOnly, parameters[ranges.hiddenWeight], rows: rows, inputs: width, outputs: mlpWidth,
      into: hidden)
    activation.forward(hidden, bias: parameters[ranges.hiddenBias], rows: rows, into: activated)
    MatMul.linear(
      activated.readOnly, parameters[ranges.shrinkWeight], rows: rows, inputs: mlpWidth,
      outputs: width, into: x, accumulate: true)
    RowOperations.addBias(x, parameters[ranges.shrinkBias], rows: rows)
  }
}
