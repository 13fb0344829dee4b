internal import Kernels
internal import TensorCore

/// Layer scale (Touvron et al., ICCV 2021), `x += scale * (W y + b)`, folded into the linear layer in
/// front of it: `(scale W) y + scale b` is the same, so that blocks need not know of it.
struct LayerScale: Sendable {
  private struct Layer: Sendable {
    let scale, weight, bias: Range<Int>
  }

  private let layers: [Layer]

  /// Nil for models without layer scales.
  init?(_ ranges: ViTParameters) {
    layers = ranges.blocks.flatMap { block -> [Layer] in
      guard let scales = block.scales else { return [] }
      return [
        Layer(scale: scales.attention, weight: block.outputWeight, bias: block.outputBias),
        Layer(scale: scales.mlp, weight: block.shrinkWeight, bias: block.shrinkBias),
      ]
    }
    if layers.isEmpty { return nil }
  }

  /// A copy of all parameters with the scales folded in.
  func folded(_ parameters: [Float]) -> [Float] {
    var folded = parameters
    for layer in layers {
      let width = layer.weight.count / layer.bias.count
      for row in 0..<layer.bias.count {
        let scale = parameters[layer.scale.lowerBound + row]
        folded[layer.bias.lowerBound + row] *= scale
        let start = layer.weight.lowerBound + row * width
        for index in start..<start + width { folded[index] *= scale }
      }
    }
    return folded
  }

  /// Turns the gradients of folded parameters into those of the parameters themselves and adds them.
  func addUnfolded(
    _ gradients: [Float], parameters: borrowing [Float], to sum: inout [Float]
  ) {
    var gradients = gradients
    for layer in layers {
      let width = layer.weight.count / layer.bias.count
      for row in 0..<layer.bias.count {
        let place = layer.scale.lowerBound + row
        let scale = parameters[place]
        let bias = layer.bias.lowerBound + row
        var along = Double(gradients[bias]) * Double(parameters[bias])
        gradients[bias] *= scale
        let start = layer.weight.lowerBound + row * width
        for index in start..<start + width {
          along += Double(gradients[index]) * Double(parameters[index])
          gradients[index] *= scale
        }
        gradients[place] = Float(along)
      }
    }
    for index in sum.indices { sum[index] += gradients[index] }
  }
}
