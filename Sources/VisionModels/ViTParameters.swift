internal import Checkpoints
internal import TensorCore

/// Where each parameter of a vision transformer lies in the flat vector.
struct ViTParameters: Sendable {
  let classEmbedding, patchEmbedding, positionEmbedding: Range<Int>
  let preNormWeight, preNormBias: Range<Int>
  let blocks: [BlockParameters]
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
      BlockParameters(layout, prefix: "vision_model.encoder.layers.\(index)")
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
      parameters += BlockParameters.shapes(
        prefix: "\(tower).encoder.layers.\(index)", width: width, mlpWidth: mlpWidth)
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
