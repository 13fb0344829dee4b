internal import Checkpoints
internal import TensorCore

/// Where each parameter of a vision transformer lies in the flat vector.
struct ViTParameters: Sendable {
  /// Where those of one block lie.
  struct Block: Sendable {
    let keyWeight, keyBias, valueWeight, valueBias, queryWeight, queryBias: Range<Int>
    let outputWeight, outputBias: Range<Int>
    let norm1Weight, norm1Bias: Range<Int>
    let hiddenWeight, hiddenBias, shrinkWeight, shrinkBias: Range<Int>
    let norm2Weight, norm2Bias: Range<Int>
  }

  let classEmbedding, patchEmbedding, positionEmbedding: Range<Int>
  let preNormWeight, preNormBias: Range<Int>
  let blocks: [Block]
  let postNormWeight, postNormBias: Range<Int>
  let projection: Range<Int>

  init(_ layout: ParameterLayout, layerCount: Int) {
    func range(_ name: String) -> Range<Int> { layout[name]!.range }
    func tower(_ name: String) -> Range<Int> { range("vision_model.\(name)") }
    classEmbedding = tower("embeddings.class_embedding")
    patchEmbedding = tower("embeddings.patch_embedding.weight")
    positionEmbedding = tower("embeddings.position_embedding.weight")
    preNormWeight = tower("pre_layrnorm.weight")
    preNormBias = tower("pre_layrnorm.bias")
    blocks = (0..<layerCount).map { index in
      func block(_ name: String) -> Range<Int> { tower("encoder.layers.\(index).\(name)") }
      return Block(
        keyWeight: block("self_attn.k_proj.weight"), keyBias: block("self_attn.k_proj.bias"),
        valueWeight: block("self_attn.v_proj.weight"), valueBias: block("self_attn.v_proj.bias"),
        queryWeight: block("self_attn.q_proj.weight"), queryBias: block("self_attn.q_proj.bias"),
        outputWeight: block("self_attn.out_proj.weight"),
        outputBias: block("self_attn.out_proj.bias"),
        norm1Weight: block("layer_norm1.weight"), norm1Bias: block("layer_norm1.bias"),
        hiddenWeight: block("mlp.fc1.weight"), hiddenBias: block("mlp.fc1.bias"),
        shrinkWeight: block("mlp.fc2.weight"), shrinkBias: block("mlp.fc2.bias"),
        norm2Weight: block("layer_norm2.weight"), norm2Bias: block("layer_norm2.bias"))
    }
    postNormWeight = tower("post_layernorm.weight")
    postNormBias = tower("post_layernorm.bias")
    projection = range("visual_projection.weight")
  }
}

extension ViTConfiguration {
  /// Names and shapes as `CLIPVisionModelWithProjection.named_parameters()` lists them.
  var layout: ParameterLayout {
    var parameters: [(name: String, shape: Shape)] = []
    func linear(_ name: String, _ outputs: Int, _ inputs: Int) {
      parameters.append(("\(name).weight", [outputs, inputs]))
      parameters.append(("\(name).bias", [outputs]))
    }
    func norm(_ name: String) {
      parameters.append(("\(name).weight", [width]))
      parameters.append(("\(name).bias", [width]))
    }
    let tower = "vision_model"
    parameters.append(("\(tower).embeddings.class_embedding", [width]))
    parameters.append(
      ("\(tower).embeddings.patch_embedding.weight", [width, 3, patchSize, patchSize]))
    parameters.append(("\(tower).embeddings.position_embedding.weight", [tokenCount, width]))
    norm("\(tower).pre_layrnorm")
    for index in 0..<layerCount {
      let layer = "\(tower).encoder.layers.\(index)"
      for projection in ["k_proj", "v_proj", "q_proj", "out_proj"] {
        linear("\(layer).self_attn.\(projection)", width, width)
      }
      norm("\(layer).layer_norm1")
      linear("\(layer).mlp.fc1", mlpWidth, width)
      linear("\(layer).mlp.fc2", width, mlpWidth)
      norm("\(layer).layer_norm2")
    }
    norm("\(tower).post_layernorm")
    parameters.append(("visual_projection.weight", [embeddingWidth, width]))
    return ParameterLayout(parameters)
  }

  /// The deviation of a parameter's random initial values, as Hugging Face initializes CLIP; nil for
  /// those that start at a constant.
  func initialDeviation(of name: String) -> Double? {
    let wide = Double(width)
    let residual = 1 / Double(2 * layerCount).squareRoot()
    if name.hasSuffix("class_embedding") { return 1 / wide.squareRoot() }
    if name.hasSuffix("embedding.weight") { return 0.02 }
    if name.hasSuffix("fc1.weight") { return 1 / (2 * wide).squareRoot() }
    if name.hasSuffix("out_proj.weight") || name == "visual_projection.weight" {
      return 1 / wide.squareRoot()
    }
    if name.hasSuffix("_proj.weight") || name.hasSuffix("fc2.weight") {
      return residual / wide.squareRoot()
    }
    return nil
  }
}
