public import Checkpoints
internal import Foundation
public import TensorCore

extension VisionTransformer {
  /// Random parameters to train from: normal draws cut off at two deviations, which are those of
  /// Hugging Face's class of the family; biases 0, norm and layer scales 1.
  public func initialParameters(random: inout some RandomSource) -> StateDict {
    // The distribution function at -2, and how much of the distribution lies within +-2.
    let (below, within) = (0.022750131948179212, 0.9544997361036416)
    var values: [Float] = []
    values.reserveCapacity(layout.count)
    for entry in layout.entries {
      if let deviation = configuration.initialDeviation(of: entry) {
        for uniform in random.uniforms(entry.shape.count) {
          values.append(Float(deviation * NormalDistribution.quantile(below + within * uniform)))
        }
      } else {
        let constant: Float = entry.name.hasSuffix(".bias") ? 0 : 1
        values.append(contentsOf: repeatElement(constant, count: entry.shape.count))
      }
    }
    return StateDict(layout: layout, values: values)
  }
}

extension ViTConfiguration {
  /// The deviation of a parameter's random initial values; nil for those that start at a constant:
  /// vectors other than the class token.
  fileprivate func initialDeviation(of entry: ParameterLayout.Entry) -> Double? {
    let name = entry.name
    guard family == .clip else { return entry.shape.rank > 1 ? 0.02 : nil }
    let wide = Double(width)
    let residual = 1 / Double(2 * layerCount).squareRoot()
    if name.hasSuffix("class_embedding") { return 1 / wide.squareRoot() }
    if name.hasSuffix("embedding.weight") { return 0.02 }
    if name.hasSuffix("fc1.weight") { return 1 / (2 * wide).squareRoot() }
    if name.hasSuffix("out_proj.weight") || name == WeightNames.visualProjection {
      return 1 / wide.squareRoot()
    }
    if name.hasSuffix("_proj.weight") || name.hasSuffix("fc2.weight") {
      return residual / wide.squareRoot()
    }
    return nil
  }
}
