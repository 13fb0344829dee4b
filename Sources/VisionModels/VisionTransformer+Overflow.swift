public import Checkpoints
internal import Kernels
public import TensorCore

/// Where a forward pass leaves the numbers.
extension VisionTransformer {
  /// The first layer, in the order of the forward pass, whose outputs for some image are NaN or
  /// infinite: the name of its weight. Nil if all are finite.
  ///
  /// Goes over the images one by one, and is for diagnoses.
  ///
  /// - Parameter pixels: `[N, 3, imageSize, imageSize]`.
  public func firstNonFiniteLayer(
    of pixels: Tensor, parameters: borrowing StateDict
  ) -> String? {
    for row in 0..<pixels.rowCount {
      let (features, tape) = recordFeatures(of: pixels.rows(row..<row + 1), parameters: parameters)
      guard let kept = tape.contents as? ViTTape else { continue }
      if let weight = firstNonFiniteWeight(kept, features) {
        return layout.entries.first { $0.range.lowerBound == weight.lowerBound }?.name
      }
    }
    return nil
  }

  /// The weight of the layer whose outputs come first among those that are not finite. A residual
  /// stream is seen where the next norm reads it.
  private func firstNonFiniteWeight(_ kept: ViTTape, _ features: Tensor) -> Range<Int>? {
    var residual = ranges.preNorm?.weight ?? ranges.patchEmbedding
    var outputs: [(ImageRows, Range<Int>)] = []
    if ranges.preNorm != nil { outputs.append((kept.trunk.normalized, ranges.patchEmbedding)) }
    for (index, block) in blocks.enumerated() {
      let attention = kept.trunk.attention[index]
      let isLast = index == blocks.count - 1
      let feedForward = isLast ? kept.tail.feedForward : kept.trunk.feedForward[index]
      outputs += [
        (attention.normalized, residual), (attention.keys, block.ranges.keyWeight),
        (attention.values, block.ranges.valueWeight),
        (attention.queries, block.ranges.queryWeight),
        (feedForward.context, block.ranges.queryWeight),
        (feedForward.normalized, block.ranges.outputWeight),
        (feedForward.hidden, block.ranges.hiddenWeight),
      ]
      residual = block.ranges.shrinkWeight
    }
    outputs.append((kept.tail.normalized, residual))
    for (rows, weight) in outputs where !rows.buffer.values.allSatisfy(\.isFinite) {
      return weight
    }
    guard features.values.allSatisfy(\.isFinite) else {
      return ranges.projection ?? ranges.postNormWeight
    }
    return nil
  }
}
