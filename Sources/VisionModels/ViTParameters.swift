internal import Checkpoints
internal import TensorCore

/// Where each parameter of a vision transformer lies in the flat vector; nil or empty for those that
/// its family does not have.
struct ViTParameters: Sendable {
  let classEmbedding, patchEmbedding, positionEmbedding: Range<Int>
  let patchBias: Range<Int>?
  let preNorm: (weight: Range<Int>, bias: Range<Int>)?
  let blocks: [BlockParameters]
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
    blocks = (0..<configuration.layerCount).map { index in
      BlockParameters(layout, prefix: prefix + names.block(index), names: names)
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
