internal import Checkpoints
internal import TensorCore

/// Where each parameter of a vision transformer lies in the flat vector; nil or empty for those that
/// its family does not have.
struct ViTParameters: Sendable {
  /// Where those of one block lie.
  struct Block: Sendable {
    let keyWeight, keyBias, valueWeight, valueBias, queryWeight, queryBias: Range<Int>
    let outputWeight, outputBias: Range<Int>
    let norm1Weight, norm1Bias: Range<Int>
    let hiddenWeight, hiddenBias, shrinkWeight, shrinkBias: Range<Int>
    let norm2Weight, norm2Bias: Range<Int>
    /// What attention and MLP are multiplied by before they are added.
    let scales: (attention: Range<Int>, mlp: Range<Int>)?
  }

  let classEmbedding, patchEmbedding, positionEmbedding: Range<Int>
  let patchBias: Range<Int>?
  let preNorm: (weight: Range<Int>, bias: Range<Int>)?
  let blocks: [Block]
  let postNormWeight, postNormBias: Range<Int>
  let projection: Range<Int>?

  init(_ layout: ParameterLayout, _ configuration: ViTConfiguration) {
    let names = configuration.family.names
    let prefix = names.prefixes[0]
    func range(_ name: String) -> Range<Int> { layout[prefix + name]!.range }
    classEmbedding = range(names.classToken)
    patchEmbedding = range("\(names.patches).weight")
    patchBias = configuration.family.hasPatchBias ? range("\(names.patches).bias") : nil
    positionEmbedding = range(names.positions)
    preNorm = names.preNorm.map { (range("\($0).weight"), range("\($0).bias")) }
    guard case .separate(let query, let key, let value) = names.attention else {
      preconditionFailure("a family's own names are separate")
    }
    blocks = (0..<configuration.layerCount).map { index in
      func block(_ name: String) -> Range<Int> { range(names.block(index) + name) }
      func weight(_ name: String) -> Range<Int> { block("\(name).weight") }
      func bias(_ name: String) -> Range<Int> { block("\(name).bias") }
      return Block(
        keyWeight: weight(key), keyBias: bias(key), valueWeight: weight(value),
        valueBias: bias(value), queryWeight: weight(query), queryBias: bias(query),
        outputWeight: weight(names.output), outputBias: bias(names.output),
        norm1Weight: weight(names.norm1), norm1Bias: bias(names.norm1),
        hiddenWeight: weight(names.hidden), hiddenBias: bias(names.hidden),
        shrinkWeight: weight(names.shrink), shrinkBias: bias(names.shrink),
        norm2Weight: weight(names.norm2), norm2Bias: bias(names.norm2),
        scales: names.scales.map { (block($0.attention), block($0.mlp)) })
    }
    postNormWeight = range("\(names.postNorm).weight")
    postNormBias = range("\(names.postNorm).bias")
    projection = configuration.hasProjection ? names.projection.map { layout[$0]!.range } : nil
  }
}

extension ViTConfiguration {
  /// Names and shapes as the `named_parameters()` of `CLIPVisionModelWithProjection`, `ViTModel` and
  /// `Dinov2Model` list them (the latter two by their names in files), without what features do not
  /// depend on.
  var layout: ParameterLayout {
    let names = family.names
    guard case .separate(let query, let key, let value) = names.attention else {
      preconditionFailure("a family's own names are separate")
    }
    var parameters: [(name: String, shape: Shape)] = []
    func add(_ name: String, _ shape: Shape) {
      parameters.append((names.prefixes[0] + name, shape))
    }
    func linear(_ name: String, _ outputs: Int, _ inputs: Int) {
      add("\(name).weight", [outputs, inputs])
      add("\(name).bias", [outputs])
    }
    func norm(_ name: String) {
      add("\(name).weight", [width])
      add("\(name).bias", [width])
    }
    let patchShape: Shape = [width, 3, patchSize, patchSize]
    if family == .clip {
      add(names.classToken, [width])
      add("\(names.patches).weight", patchShape)
      add(names.positions, [tokenCount, width])
    } else {
      add(names.classToken, [1, 1, width])
      add(names.positions, [1, tokenCount, width])
      add("\(names.patches).weight", patchShape)
      add("\(names.patches).bias", [width])
    }
    if let preNorm = names.preNorm { norm(preNorm) }
    for index in 0..<layerCount {
      let layer = names.block(index)
      func attention() {
        let order = family == .clip ? [key, value, query] : [query, key, value]
        for projection in order + [names.output] { linear(layer + projection, width, width) }
      }
      func mlp() {
        linear(layer + names.hidden, mlpWidth, width)
        linear(layer + names.shrink, width, mlpWidth)
      }
      switch family {
      case .clip:
        attention()
        norm(layer + names.norm1)
        mlp()
        norm(layer + names.norm2)
      case .vit:
        attention()
        mlp()
        norm(layer + names.norm1)
        norm(layer + names.norm2)
      case .dinov2:
        norm(layer + names.norm1)
        attention()
        if let scales = names.scales { add(layer + scales.attention, [width]) }
        norm(layer + names.norm2)
        mlp()
        if let scales = names.scales { add(layer + scales.mlp, [width]) }
      }
    }
    norm(names.postNorm)
    if hasProjection, let projection = names.projection {
      parameters.append((projection, [embeddingWidth, width]))
    }
    return ParameterLayout(parameters)
  }
}
