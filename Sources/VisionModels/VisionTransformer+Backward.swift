public import Checkpoints
internal import Kernels
public import TensorCore

extension VisionTransformer {
  public func accumulateGradients(
    of featureGradient: Tensor, through tape: consuming ActivationTape,
    parameters: borrowing StateDict, into gradients: inout StateDict
  ) {
    guard let kept = tape.contents as? ViTTape else {
      preconditionFailure("the tape is of a vision transformer")
    }
    precondition(
      featureGradient.shape == [kept.imageCount, embeddingWidth],
      "one feature gradient for each recorded image")
    precondition(parameters.layout == layout, "the parameters are those of this model")
    precondition(gradients.layout == layout, "the gradients are those of this model")
    kept.use()
    guard kept.imageCount > 0 else { return }
    guard let layerScale else {
      return pass(featureGradient, kept, parameters.values, into: &gradients.values)
    }
    var folded = [Float](repeating: 0, count: layout.count)
    pass(featureGradient, kept, layerScale.folded(parameters.values), into: &folded)
    // An array of its own: an observed property would be copied for every element.
    var sum = gradients.values
    layerScale.addUnfolded(folded, parameters: parameters.values, to: &sum)
    gradients.values = sum
  }

  private func pass(
    _ featureGradient: Tensor, _ kept: ViTTape, _ parameters: [Float], into gradients: inout [Float]
  ) {
    unsafe parameters.withUnsafeBufferPointer { parameters in
      unsafe featureGradient.values.withUnsafeBufferPointer { featureGradient in
        unsafe gradients.withUnsafeMutableBufferPointer { gradients in
          let pass = BackwardPass(
            model: self, kept: kept, parameters: unsafe FloatView(parameters),
            featureGradient: unsafe FloatView(featureGradient),
            gradients: unsafe MutableFloatView(gradients))
          pass.run()
        }
      }
    }
  }
}

/// One backward pass, from the last block to the first. For each block first the activations'
/// gradients, chunk by chunk of images, then the matrices' gradients, tile by tile over all images.
struct BackwardPass: Sendable {
  let model: VisionTransformer
  let kept: ViTTape
  let parameters: FloatView
  let featureGradient: FloatView
  let gradients: MutableFloatView
  /// Where the inputs of the linear layers are multiplied with themselves; no gradients of weights are
  /// made then.
  var inputProducts: (places: [Int: Range<Int>], values: MutableFloatView)?

  private var width: Int { model.configuration.width }
  private var tokenCount: Int { model.configuration.tokenCount }
  private var imageCount: Int { kept.imageCount }
  private var ranges: ViTParameters { model.ranges }

  func run() {
    var outcome = passLastBlock()
    for index in (0..<model.blocks.count - 1).reversed() {
      outcome = pass(block: index, outcome: outcome)
    }
    passEmbeddings(outcome)
  }

  /// Calls `body` with the index and the images of every chunk.
  private func forEachChunk(_ length: Int, _ body: @Sendable (Int, Range<Int>) -> Void) {
    Parallel.forEachChunk(of: imageCount, chunk: length) { images in
      body(images.lowerBound / length, images)
    }
  }

  /// Adds the gradients of matrices, and by `also` those of all else; or the products of the inputs.
  private func finish(_ weights: [WeightGradient], also: @Sendable () -> Void) {
    guard let (places, values) = inputProducts else {
      return WeightGradient.add(weights, to: gradients, also: also)
    }
    var products: [InputProduct] = []
    for weight in weights {
      let group = places[weight.target.lowerBound]!
      // Layers of one group have the same inputs.
      guard !products.contains(where: { $0.group == group }) else { continue }
      products.append(
        InputProduct(
          group: group, inputs: weight.inputs, input: weight.input, rows: weight.rows,
          stride: weight.stride))
    }
    InputProduct.add(products, to: values)
  }

  private func sums(_ length: Int, _ targets: [Range<Int>]) -> ChunkSums {
    ChunkSums(chunkCount: (imageCount + length - 1) / length, targets: targets)
  }

  /// Projection, last norm and last block; the gradient of all tokens that enter it.
  private func passLastBlock() -> ImageRows {
    let block = model.blocks.last!
    let (embeddingWidth, tail) = (model.embeddingWidth, kept.tail)
    let attention = kept.trunk.attention.last!
    let blockGradients = BlockGradients(block, imageCount)
    let outcome = ImageRows(imageCount, width)
    let income = ImageRows(imageCount, tokenCount * width)

    let normSums = sums(
      model.tailChunkLength, [ranges.postNormWeight, ranges.postNormBias])
    let feedForwardSums = sums(model.tailChunkLength, block.feedForwardSums)
    forEachChunk(model.tailChunkLength) { chunk, images in
      let y = FloatBuffer(count: images.count * width).view
      let own = featureGradient[
        images.lowerBound * embeddingWidth..<images.upperBound * embeddingWidth]
      if let projection = ranges.projection {
        MatMul.linearInputGradient(
          own, parameters[projection], rows: images.count, inputs: width, outputs: embeddingWidth,
          into: y)
      } else {
        y.copy(own)
      }
      let gradient = outcome[images]
      gradient.fill(0)
      let norm = normSums.views(chunk: chunk)
      let gamma = parameters[ranges.postNormWeight]
      LayerNorm.backward(
        y.readOnly, normalized: tail.normalized[images].readOnly,
        scales: tail.scales[images].readOnly,
        gamma: gamma, rows: images.count, width: width, into: gradient, dgamma: norm[0],
        dbeta: norm[1])
      LayerNorm.affine(
        tail.normalized[images], gamma: gamma, beta: parameters[ranges.postNormBias],
        rows: images.count, width: width)
      block.backwardFeedForward(
        gradient.readOnly, parameters, images: images, kept: tail.feedForward, into: blockGradients,
        sums: feedForwardSums.views(chunk: chunk), scratch: y)
    }
    let attentionSums = sums(model.chunkLength, block.attentionSums)
    forEachChunk(model.chunkLength) { chunk, images in
      let y = FloatBuffer(count: images.count * tokenCount * width).view
      block.backwardAttend(
        parameters, images: images, kept: attention, gradients: blockGradients,
        into: income[images], sums: attentionSums.views(chunk: chunk), scratch: y)
    }
    let projection = ranges.projection.map { range in
      WeightGradient(
        outputGradient: featureGradient, input: tail.normalized.all.readOnly, rows: imageCount,
        inputs: width, outputs: embeddingWidth, stride: width, target: range)
    }
    let weights = block.weightGradients(
      outcome: outcome.all.readOnly, gradients: blockGradients, attention: attention,
      feedForward: tail.feedForward, imageCount: imageCount)
    finish(weights + [projection].compactMap { $0 }) {
      normSums.add(to: gradients)
      feedForwardSums.add(to: gradients)
      attentionSums.add(to: gradients)
    }
    return income
  }

  /// Another block; from the gradient of the tokens that leave it to that of those that enter it.
  private func pass(block index: Int, outcome: ImageRows) -> ImageRows {
    let block = model.blocks[index]
    let (attention, feedForward) = (kept.trunk.attention[index], kept.trunk.feedForward[index])
    let blockGradients = BlockGradients(block, imageCount)
    let income = ImageRows(imageCount, tokenCount * width)
    let feedForwardSums = sums(model.chunkLength, block.feedForwardSums)
    let attentionSums = sums(model.chunkLength, block.attentionSums)
    forEachChunk(model.chunkLength) { chunk, images in
      let y = FloatBuffer(count: images.count * tokenCount * width).view
      block.backwardFeedForward(
        outcome[images].readOnly, parameters, images: images, kept: feedForward,
        into: blockGradients,
        sums: feedForwardSums.views(chunk: chunk), scratch: y)
      block.backwardAttend(
        parameters, images: images, kept: attention, gradients: blockGradients,
        into: income[images], sums: attentionSums.views(chunk: chunk), scratch: y)
    }
    let weights = block.weightGradients(
      outcome: outcome.all.readOnly, gradients: blockGradients, attention: attention,
      feedForward: feedForward, imageCount: imageCount)
    finish(weights) {
      feedForwardSums.add(to: gradients)
      attentionSums.add(to: gradients)
    }
    return income
  }

  /// The first norm and the embeddings.
  private func passEmbeddings(_ outcome: ImageRows) {
    let trunk = kept.trunk
    guard let preNorm = ranges.preNorm else { return passPatches(outcome) {} }
    let income = ImageRows(imageCount, tokenCount * width)
    let normSums = sums(model.chunkLength, [preNorm.weight, preNorm.bias])
    forEachChunk(model.chunkLength) { chunk, images in
      let norm = normSums.views(chunk: chunk)
      let gradient = income[images]
      gradient.fill(0)
      LayerNorm.backward(
        outcome[images].readOnly, normalized: trunk.normalized[images].readOnly,
        scales: trunk.scales[images].readOnly, gamma: parameters[preNorm.weight],
        rows: images.count * tokenCount, width: width, into: gradient, dgamma: norm[0],
        dbeta: norm[1])
    }
    passPatches(income) { normSums.add(to: gradients) }
  }

  /// The embeddings, given the gradient of the tokens; calls `also` beside the sums.
  private func passPatches(_ income: ImageRows, also: @Sendable () -> Void) {
    let patches = WeightGradient(
      outputGradient: income.all.readOnly, input: kept.trunk.patches.all.readOnly,
      rows: imageCount * tokenCount, inputs: model.patches.patchLength, outputs: width,
      stride: model.patches.patchLength, target: ranges.patchEmbedding)
    finish([patches]) {
      also()
      RowOperations.addColumnSums(
        income.all.readOnly, rows: imageCount, stride: tokenCount * width,
        into: gradients[ranges.positionEmbedding])
      RowOperations.addColumnSums(
        income.all.readOnly, rows: imageCount, stride: tokenCount * width,
        into: gradients[ranges.classEmbedding])
      guard let bias = ranges.patchBias else { return }
      for image in 0..<imageCount {
        let patches = income[image..<image + 1][width..<tokenCount * width]
        RowOperations.addColumnSums(
          patches.readOnly, rows: tokenCount - 1, into: gradients[bias])
      }
    }
  }
}
