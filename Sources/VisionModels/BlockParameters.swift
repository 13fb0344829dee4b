package import Checkpoints
package import TensorCore

/// Where the parameters of one `TransformerBlock` lie in a model's flat vector. CLIP's towers name
/// them alike.
package struct BlockParameters: Sendable {
  let keyWeight, keyBias, valueWeight, valueBias, queryWeight, queryBias: Range<Int>
  let outputWeight, outputBias: Range<Int>
  let norm1Weight, norm1Bias: Range<Int>
  let hiddenWeight, hiddenBias, shrinkWeight, shrinkBias: Range<Int>
  let norm2Weight, norm2Bias: Range<Int>

  /// - Parameters:
  ///   - layout: has all parameters of the block.
  ///   - prefix: what their names begin with, as `text_model.encoder.layers.0`.
  package init(_ layout: ParameterLayout, prefix: String) {
    func range(_ name: String) -> Range<Int> { layout["\(prefix).\(name)"]!.range }
    keyWeight = range("self_attn.k_proj.weight")
    keyBias = range("self_attn.k_proj.bias")
    valueWeight = range("self_attn.v_proj.weight")
    valueBias = range("self_attn.v_proj.bias")
    queryWeight = range("self_attn.q_proj.weight")
    queryBias = range("self_attn.q_proj.bias")
    outputWeight = range("self_attn.out_proj.weight")
    outputBias = range("self_attn.out_proj.bias")
    norm1Weight = range("layer_norm1.weight")
    norm1Bias = range("layer_norm1.bias")
    hiddenWeight = range("mlp.fc1.weight")
    hiddenBias = range("mlp.fc1.bias")
    shrinkWeight = range("mlp.fc2.weight")
    shrinkBias = range("mlp.fc2.bias")
    norm2Weight = range("layer_norm2.weight")
    norm2Bias = range("layer_norm2.bias")
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
