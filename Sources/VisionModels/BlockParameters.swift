package import Checkpoints
package import TensorCore

/// Where the parameters of one `TransformerBlock` lie in a model's flat vector.
package struct BlockParameters: Sendable {
  let keyWeight, keyBias, valueWeight, valueBias, queryWeight, queryBias: Range<Int>
  let outputWeight, outputBias: Range<Int>
  let norm1Weight, norm1Bias: Range<Int>
  let hiddenWeight, hiddenBias, shrinkWeight, shrinkBias: Range<Int>
  let norm2Weight, norm2Bias: Range<Int>
  /// What attention and MLP are multiplied by before they are added.
  let scales: (attention: Range<Int>, mlp: Range<Int>)?

  /// Of a block of one of CLIP's towers.
  ///
  /// - Parameters:
  ///   - layout: has all parameters of the block.
  ///   - prefix: what their names begin with, as `text_model.encoder.layers.0`.
  package init(_ layout: ParameterLayout, prefix: String) {
    self.init(layout, prefix: "\(prefix).", names: ViTFamily.clip.names)
  }

  /// - Parameters:
  ///   - layout: has all parameters of the block.
  ///   - prefix: what their names begin with, the last dot included.
  ///   - names: those of a family, with queries, keys and values apart.
  init(_ layout: ParameterLayout, prefix: String, names: ViTNames) {
    guard case .separate(let query, let key, let value) = names.attention else {
      preconditionFailure("a family's own names are separate")
    }
    func range(_ name: String) -> Range<Int> { layout[prefix + name]!.range }
    func weight(_ name: String) -> Range<Int> { range("\(name).weight") }
    func bias(_ name: String) -> Range<Int> { range("\(name).bias") }
    (keyWeight, keyBias) = (weight(key), bias(key))
    (valueWeight, valueBias) = (weight(value), bias(value))
    (queryWeight, queryBias) = (weight(query), bias(query))
    (outputWeight, outputBias) = (weight(names.output), bias(names.output))
    (norm1Weight, norm1Bias) = (weight(names.norm1), bias(names.norm1))
    (hiddenWeight, hiddenBias) = (weight(names.hidden), bias(names.hidden))
    (shrinkWeight, shrinkBias) = (weight(names.shrink), bias(names.shrink))
    (norm2Weight, norm2Bias) = (weight(names.norm2), bias(names.norm2))
    scales = names.scales.map { (range($0.attention), range($0.mlp)) }
  }

  /// Names and shapes of a block's parameters, as PyTorch's `named_parameters()` lists them.
  package static func shapes(
    prefix: String, width: Int, mlpWidth: Int
  ) -> [(name: String, shape: Shape)] {
    func linear(_ name: String, _ outputs: Int, _ inputs: Int) -> [(name: String, shape: Shape)] {
      [("\(prefix).\(name).weight", [outputs, inputs]), ("\(prefix).\(name).bias", [outputs])]
    }
    func norm(_ name: String) -> [(name: String, shape: Shape)] {
      [("\(prefix).\(name).weight", [width]), ("\(prefix).\(name).bias", [width])]
    }
    return ["k_proj", "v_proj", "q_proj", "out_proj"].flatMap {
      linear("self_attn.\($0)", width, width)
    } + norm("layer_norm1") + linear("mlp.fc1", mlpWidth, width)
      + linear("mlp.fc2", width, mlpWidth) + norm("layer_norm2")
  }
}
