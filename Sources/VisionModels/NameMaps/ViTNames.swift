internal import Checkpoints

/// What a layout of checkpoints calls the parameters of a vision transformer.
struct ViTNames: Sendable {
  /// How a layout keeps queries, keys and values.
  enum Attention: Sendable {
    /// Each as a linear layer of its own.
    case separate(query: String, key: String, value: String)
    /// As one matrix and one bias: queries, keys, values one below the other.
    case fused(weight: String, bias: String)
  }

  let classToken, positions, patches: String
  /// In front of a block's names: this and the block's number.
  let blocks: String
  /// Names inside a block; linear layers and norms without `.weight` and `.bias`.
  let attention: Attention
  let output, norm1, norm2, hidden, shrink: String
  /// The layer scales of attention and MLP.
  var scales: (attention: String, mlp: String)? {
    hasScales ? ("layer_scale1.lambda1", "layer_scale2.lambda1") : nil
  }
  var hasScales = false
  var preNorm: String?
  let postNorm: String
  var projection: String?
  var projectionIsTransposed = false
  /// What may stand before all names but the projection's (before all, if `prefixesProjection`).
  let prefixes: [String]
  var prefixesProjection = false
  /// How names of other tensors in such files begin.
  let others: [String]
  /// Whether only tensors with the prefix are the model's.
  var isScoped = false

  func block(_ index: Int) -> String { "\(blocks)\(index)." }
}

/// A layout, and the prefix that a file has it under.
struct NamedLayout: Sendable {
  let names: ViTNames
  let prefix: String

  func name(_ bare: String) -> String { prefix + bare }

  var projection: String? {
    names.projection.map { names.prefixesProjection ? prefix + $0 : $0 }
  }

  /// Which of a file's tensors hold the parameters of a model.
  func map(for configuration: ViTConfiguration) -> NameMap {
    let own = configuration.family.names
    let root = NamedLayout(names: own, prefix: own.prefixes[0])
    var entries: [NameMap.Entry] = []
    func add(_ file: String, _ parameter: String) {
      entries.append(.init(tensor: name(file), parameters: [root.name(parameter)]))
    }
    func addLayer(_ file: String, _ parameter: String) {
      for part in [".weight", ".bias"] { add(file + part, parameter + part) }
    }
    add(names.classToken, own.classToken)
    add(names.positions, own.positions)
    add("\(names.patches).weight", "\(own.patches).weight")
    if configuration.family.hasPatchBias { add("\(names.patches).bias", "\(own.patches).bias") }
    if let theirs = names.preNorm, let ours = own.preNorm { addLayer(theirs, ours) }
    for index in 0..<configuration.layerCount {
      let (theirs, ours) = (names.block(index), own.block(index))
      entries += attention(index, own: own, root: root)
      for (file, parameter) in [
        (names.output, own.output), (names.norm1, own.norm1), (names.hidden, own.hidden),
        (names.shrink, own.shrink), (names.norm2, own.norm2),
      ] {
        addLayer(theirs + file, ours + parameter)
      }
      if let file = names.scales, let parameter = own.scales {
        add(theirs + file.attention, ours + parameter.attention)
        add(theirs + file.mlp, ours + parameter.mlp)
      }
    }
    addLayer(names.postNorm, own.postNorm)
    if configuration.hasProjection, let projection, let ours = own.projection {
      entries.append(
        .init(
          tensor: projection, parameters: [ours], isTransposed: names.projectionIsTransposed))
    }
    return NameMap(entries, others: names.others, scope: names.isScoped ? prefix : "")
  }

  private func attention(_ index: Int, own: ViTNames, root: NamedLayout) -> [NameMap.Entry] {
    guard case .separate(let query, let key, let value) = own.attention else { return [] }
    let (theirs, ours) = (name(names.block(index)), root.name(own.block(index)))
    switch names.attention {
    case .separate(let theirQuery, let theirKey, let theirValue):
      return [(theirQuery, query), (theirKey, key), (theirValue, value)].flatMap {
        file, parameter in
        [".weight", ".bias"].map {
          .init(tensor: theirs + file + $0, parameters: [ours + parameter + $0])
        }
      }
    case .fused(let weight, let bias):
      return [(weight, ".weight"), (bias, ".bias")].map { file, part in
        .init(tensor: theirs + file, parameters: [query, key, value].map { ours + $0 + part })
      }
    }
  }
}

extension NamedLayout {
  /// The layout and prefix that a file is in, among those that a family comes in (all families'
  /// unless given): known by the name of the patch embedding.
  ///
  /// - Throws: `ModelError.unknownLayout` with the names that were looked for; `.checkpoint` with
  ///   `ambiguousName`.
  static func found(
    in source: any TensorSource, family: ViTFamily?
  ) throws(ModelError) -> (layout: NamedLayout, family: ViTFamily) {
    var candidates: [(layout: NamedLayout, family: ViTFamily)] = []
    for known in ViTFamily.allCases where family == nil || family == known {
      for names in known.layouts {
        for prefix in names.prefixes {
          candidates.append((NamedLayout(names: names, prefix: prefix), known))
        }
      }
    }
    func patches(_ layout: NamedLayout) -> String { layout.name("\(layout.names.patches).weight") }
    let found = candidates.filter { candidate in
      source[patches(candidate.layout)] != nil
        // The two families share the names of their embeddings.
        && (family != nil
          || candidate.layout.names.hasScales == (source[candidate.layout.scaleName] != nil))
    }
    guard let first = found.first else {
      throw .unknownLayout(
        path: source.path, lookedFor: candidates.map { patches($0.layout) }.removingRepetitions)
    }
    guard found.count == 1 else {
      throw .checkpoint(
        .ambiguousName(file: source.path, tensor: patches(found[1].layout)))
    }
    return first
  }

  private var scaleName: String { name("\(names.block(0))layer_scale1.lambda1") }
}

extension [String] {
  fileprivate var removingRepetitions: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}

extension ViTFamily {
  /// The layouts that checkpoints of the family come in.
  var layouts: [ViTNames] { self == .clip ? [.clip, .openCLIP] : [names] }
}
