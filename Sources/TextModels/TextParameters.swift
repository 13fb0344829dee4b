internal import Checkpoints
internal import TensorCore
internal import VisionModels

/// Where each parameter of a text transformer lies in the flat vector.
struct TextParameters: Sendable {
  let tokenEmbedding, positionEmbedding: Range<Int>
  let blocks: [BlockParameters]
  let finalNormWeight, finalNormBias: Range<Int>
  let projection: Range<Int>

  init(_ layout: ParameterLayout, layerCount: Int) {
    func range(_ name: String) -> Range<Int> { layout[name]!.range }
    tokenEmbedding = range("text_model.embeddings.token_embedding.weight")
    positionEmbedding = range("text_model.embeddings.position_embedding.weight")
    blocks = (0..<layerCount).map { index in
      BlockParameters(layout, prefix: "text_model.encoder.layers.\(index)")
    }
    finalNormWeight = range("text_model.final_layer_norm.weight")
    finalNormBias = range("text_model.final_layer_norm.bias")
    projection = range(TextConfiguration.projectionName)
  }
}

extension TextConfiguration {
  static let projectionName = "text_projection.weight"

  /// Names and shapes as `CLIPTextModelWithProjection.named_parameters()` lists them.
  var layout: ParameterLayout {
    let tower = "text_model"
    var parameters: [(name: String, shape: Shape)] = [
      ("\(tower).embeddings.token_embedding.weight", [vocabularySize, width]),
      ("\(tower).embeddings.position_embedding.weight", [tokenCount, width]),
    ]
    for index in 0..<layerCount {
      parameters += BlockParameters.shapes(
        prefix: "\(tower).encoder.layers.\(index)", width: width, mlpWidth: mlpWidth)
    }
    parameters.append(("\(tower).final_layer_norm.weight", [width]))
    parameters.append(("\(tower).final_layer_norm.bias", [width]))
    parameters.append((Self.projectionName, [embeddingWidth, width]))
    return ParameterLayout(parameters)
  }
}
