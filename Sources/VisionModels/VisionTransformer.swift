public import Checkpoints
internal import Kernels
public import TensorCore

/// A vision transformer as Hugging Face's `CLIPVisionModelWithProjection`, or as `ViTModel` and
/// `Dinov2Model` without heads, whose features are the class tokens behind the last norm: forward,
/// and backward with respect to all parameters.
///
/// The work is shared out over chunks of images and tiles of matrices of fixed size, so that the
/// number of threads changes no bit of the outcome.
public struct VisionTransformer: ImageEncoder {
  public let configuration: ViTConfiguration
  /// Named and ordered as PyTorch's `named_parameters()`.
  public let layout: ParameterLayout
  let ranges: ViTParameters
  private(set) var blocks: [TransformerBlock]
  let patches: PatchEmbedding
  let layerScale: LayerScale?

  public init(configuration: ViTConfiguration) {
    self.configuration = configuration
    layout = configuration.layout
    ranges = ViTParameters(layout, configuration)
    layerScale = LayerScale(ranges)
    blocks = ranges.blocks.enumerated().map { index, ranges in
      TransformerBlock(configuration, ranges: ranges, isLast: index == configuration.layerCount - 1)
    }
    patches = PatchEmbedding(
      imageSize: configuration.imageSize, patchSize: configuration.patchSize)
  }

  public func with(keyBias: KeyBiasGradient) -> VisionTransformer {
    var model = self
    for index in model.blocks.indices { model.blocks[index].keyBias = keyBias }
    return model
  }

  public var imageSize: Int { configuration.imageSize }
  public var embeddingWidth: Int { configuration.embeddingWidth }

  /// Images that pass through the blocks together: about 256 tokens, so that what they need stays
  /// in a core's cache and the products are large; of wide models about 400, for which less of a product's
  /// time goes into packing the weights, and which is 8 images of ViT-B/32: a common divisor of batches.
  var chunkLength: Int {
    let tokens = configuration.width < 512 ? 256 : 400
    return max(1, (tokens + configuration.tokenCount / 2) / configuration.tokenCount)
  }

  /// Images whose class tokens pass together through what follows the last attention.
  var tailChunkLength: Int { 32 }

  public func features(of pixels: Tensor, parameters: borrowing StateDict) -> Tensor {
    forward(pixels, parameters, recording: false).features
  }

  public func recordFeatures(of pixels: Tensor, parameters: borrowing StateDict) -> (
    features: Tensor, tape: ActivationTape
  ) {
    let (features, tape) = forward(pixels, parameters, recording: true)
    return (features, ActivationTape(tape!))
  }

  private func forward(
    _ pixels: Tensor, _ parameters: borrowing StateDict, recording: Bool
  ) -> (features: Tensor, tape: ViTTape?) {
    check(pixels, parameters.layout)
    let imageCount = pixels.rowCount
    let tail = TailActivations(self, imageCount)
    let trunk = recording ? TrunkActivations(self, imageCount, shared: false) : nil
    let features = FloatBuffer(count: imageCount * embeddingWidth)
    if imageCount > 0 {
      let values = layerScale?.folded(parameters.values) ?? parameters.values
      unsafe values.withUnsafeBufferPointer { parameters in
        let parameters = unsafe FloatView(parameters)
        unsafe pixels.values.withUnsafeBufferPointer { pixels in
          let pixels = unsafe FloatView(pixels)
          Parallel.forEachChunk(of: imageCount, chunk: chunkLength) { images in
            let length = pixels.count / imageCount
            let chunk = pixels[images.lowerBound * length..<images.upperBound * length]
            if let trunk {
              passTrunk(chunk, parameters, slots: images, trunk, images: images, tail)
            } else {
              let own = TrunkActivations(self, images.count, shared: true)
              passTrunk(chunk, parameters, slots: 0..<images.count, own, images: images, tail)
            }
          }
        }
        Parallel.forEachChunk(of: imageCount, chunk: tailChunkLength) { images in
          passTail(
            parameters, images: images, tail,
            features: features.view.rows(images, of: embeddingWidth))
        }
      }
    }
    let tape = trunk.map { ViTTape(imageCount: imageCount, trunk: $0, tail: tail) }
    return (Tensor(shape: [imageCount, embeddingWidth], values: features.values), tape)
  }

  private func check(_ pixels: Tensor, _ given: ParameterLayout) {
    precondition(
      pixels.shape == [pixels.rowCount, 3, imageSize, imageSize],
      "pixels are [N, 3, \(imageSize), \(imageSize)], not \(pixels.shape)")
    precondition(given == layout, "the parameters are those of this model")
  }

  /// From pixels to the heads' outputs of the last block, for a chunk of images.
  ///
  /// - Parameters:
  ///   - slots: where `trunk` keeps these images' activations.
  ///   - images: where `tail` does.
  private func passTrunk(
    _ pixels: FloatView, _ parameters: FloatView, slots: Range<Int>, _ trunk: TrunkActivations,
    images: Range<Int>, _ tail: TailActivations
  ) {
    let (width, tokens) = (configuration.width, configuration.tokenCount)
    let rows = images.count * tokens
    let x = FloatBuffer(count: rows * width).view
    let y = FloatBuffer(count: rows * width).view
    let activated = FloatBuffer(count: rows * configuration.mlpWidth).view
    let patchRows = trunk.patches[slots]
    patches.rows(ofPixels: pixels, imageCount: images.count, into: patchRows)
    MatMul.linear(
      patchRows.readOnly, parameters[ranges.patchEmbedding], rows: rows,
      inputs: patches.patchLength,
      outputs: width, into: y)
    for image in 0..<images.count {
      let all = y.rows(image..<image + 1, of: tokens * width)
      RowOperations.add(parameters[ranges.positionEmbedding], to: all)
      if let bias = ranges.patchBias {
        RowOperations.addBias(all[width..<tokens * width], parameters[bias], rows: tokens - 1)
      }
      RowOperations.add(parameters[ranges.classEmbedding], to: all[0..<width])
    }
    if let norm = ranges.preNorm {
      LayerNorm.forward(
        y.readOnly, gamma: parameters[norm.weight], beta: parameters[norm.bias],
        epsilon: configuration.layerNormEpsilon, rows: rows, width: width, into: x,
        normalized: trunk.normalized[slots], scales: trunk.scales[slots])
    } else {
      x.copy(y.readOnly)
    }
    for (index, block) in blocks.enumerated() {
      let isLast = index == blocks.count - 1
      let context =
        isLast ? tail.feedForward.context[images] : trunk.feedForward[index].context[slots]
      block.attend(
        x.readOnly, parameters, images: slots, keeping: trunk.attention[index], context: context,
        scratch: y)
      if !isLast {
        block.feedForward(
          x, parameters, images: slots, keeping: trunk.feedForward[index], scratch: y,
          activated: activated)
      }
    }
    RowOperations.gather(
      x.readOnly, rows: images.count, width: width, stride: tokens * width,
      into: tail.tokens[images])
  }

  /// From the class tokens behind the last attention to the features.
  private func passTail(
    _ parameters: FloatView, images: Range<Int>, _ tail: TailActivations, features: MutableFloatView
  ) {
    let width = configuration.width
    let y = FloatBuffer(count: images.count * width).view
    let activated = FloatBuffer(count: images.count * configuration.mlpWidth).view
    let tokens = tail.tokens[images]
    blocks.last!.feedForward(
      tokens, parameters, images: images, keeping: tail.feedForward, scratch: y,
      activated: activated)
    LayerNorm.forward(
      tokens.readOnly, gamma: parameters[ranges.postNormWeight],
      beta: parameters[ranges.postNormBias],
      epsilon: configuration.layerNormEpsilon, rows: images.count, width: width,
      into: ranges.projection == nil ? features : y, normalized: tail.normalized[images],
      scales: tail.scales[images])
    if let projection = ranges.projection {
      MatMul.linear(
        y.readOnly, parameters[projection], rows: images.count, inputs: width,
        outputs: embeddingWidth, into: features)
    }
  }
}
