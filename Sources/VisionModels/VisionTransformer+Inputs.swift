public import Checkpoints
internal import Kernels
public import TensorCore

extension VisionTransformer: LinearLayerEncoder {
  public var inputProducts: InputProducts {
    let names = Dictionary(
      uniqueKeysWithValues: layout.entries.map { ($0.range.lowerBound, $0.name) })
    func name(_ range: Range<Int>) -> String { names[range.lowerBound]! }
    let (width, mlpWidth) = (configuration.width, configuration.mlpWidth)
    var groups: [(weights: [String], inputs: Int)] = [
      ([name(ranges.patchEmbedding)], patches.patchLength)
    ]
    for block in blocks {
      let ranges = block.ranges
      let others = [ranges.keyWeight, ranges.valueWeight].map(name)
      if block.queryCount == block.tokenCount {
        groups.append((others + [name(ranges.queryWeight)], width))
      } else {
        groups.append((others, width))
        groups.append(([name(ranges.queryWeight)], width))
      }
      groups.append(([name(ranges.outputWeight)], width))
      groups.append(([name(ranges.hiddenWeight)], width))
      groups.append(([name(ranges.shrinkWeight)], mlpWidth))
    }
    if let projection = ranges.projection { groups.append(([name(projection)], width)) }
    return InputProducts(groups)
  }

  /// By a backward pass of a gradient of zero, which leaves the inputs of all linear layers behind.
  public func accumulateInputProducts(
    of pixels: Tensor, parameters: borrowing StateDict, into products: inout InputProducts
  ) {
    let (features, tape) = recordFeatures(of: pixels, parameters: parameters)
    guard let kept = tape.contents as? ViTTape, kept.imageCount > 0 else { return }
    kept.use()
    var places: [Int: Range<Int>] = [:]
    for group in products.groups {
      for weight in group.weights { places[layout[weight]!.range.lowerBound] = group.range }
    }
    let zeros = [Float](repeating: 0, count: features.shape.count)
    let values = layerScale?.folded(parameters.values) ?? parameters.values
    let none = FloatBuffer(zeros: 1)
    unsafe values.withUnsafeBufferPointer { parameters in
      unsafe zeros.withUnsafeBufferPointer { zeros in
        unsafe products.values.withUnsafeMutableBufferPointer { products in
          BackwardPass(
            model: self, kept: kept, parameters: unsafe FloatView(parameters),
            featureGradient: unsafe FloatView(zeros), gradients: none.view,
            inputProducts: (places, unsafe MutableFloatView(products))
          ).run()
        }
      }
    }
  }
}
