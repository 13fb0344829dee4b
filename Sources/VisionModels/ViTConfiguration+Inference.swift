internal import Checkpoints
internal import TensorCore

extension ViTConfiguration {
  /// The architecture of weights without a `config.json`, from the shapes of their tensors. Heads are
  /// 64 wide, as in all published models, unless the file's metadata has `num_attention_heads`; the
  /// activation is, unless given, the metadata's `hidden_act` or that of the family.
  ///
  /// - Throws: `ModelError.unknownArchitecture`.
  init(
    inferredFrom source: any TensorSource, _ layout: NamedLayout, _ family: ViTFamily,
    activation: Activation?
  ) throws(ModelError) {
    func unknown(_ problem: String) -> ModelError {
      .unknownArchitecture(path: source.path, problem: problem)
    }
    func shape(_ bare: String, rank: Int) throws(ModelError) -> [Int] {
      let name = layout.name(bare)
      guard let dimensions = source[name]?.shape.dimensions else {
        throw unknown("there is no '\(name)'")
      }
      guard dimensions.count == rank else {
        throw unknown("'\(name)' has shape \(dimensions), not one of \(rank) axes")
      }
      return dimensions
    }
    let names = layout.names
    let patches = try shape("\(names.patches).weight", rank: 4)
    let positions = try shape(names.positions, rank: family == .clip ? 2 : 3)
    guard patches[1] == 3, patches[2] == patches[3] else {
      throw unknown("the patch embedding has shape \(patches), not [width, 3, patch, patch]")
    }
    let width = patches[0]
    guard let grid = Self.gridSize(ofPositions: positions) else {
      throw unknown("\(positions) positions are no class token and a square of patches")
    }
    let hidden = try shape("\(names.block(0))\(names.hidden).weight", rank: 2)
    let layers = source.tensors.lazy.compactMap { tensor -> Int? in
      let stem = layout.name(names.blocks)
      guard tensor.name.hasPrefix(stem) else { return nil }
      return Int(tensor.name.dropFirst(stem.count).prefix { $0 != "." })
    }.max()
    let projection = layout.projection.flatMap { source[$0]?.shape.dimensions }
    let heads = source.metadata["num_attention_heads"].flatMap { Int($0) }
    guard heads != nil || width.isMultiple(of: 64) else {
      throw unknown("the width \(width) is no multiple of 64, the width of a head")
    }
    let stated = source.metadata["hidden_act"].flatMap { Activation(rawValue: $0) }
    let (product, overflow) = grid.multipliedReportingOverflow(by: patches[2])
    guard !overflow, patches[2] > 0, (layers ?? 0) < 1 << 16 else {
      throw unknown("the sizes are beyond any model's")
    }
    self.init(
      unchecked: product, patches[2], width, (layers ?? 0) + 1, heads ?? width / 64, hidden[0],
      projection.map { names.projectionIsTransposed ? $0.last ?? 0 : $0.first ?? 0 },
      activation ?? stated ?? family.defaults.activation, family.defaults.layerNormEpsilon, family)
    if let (key, problem) = self.problem { throw unknown("\(key) \(problem)") }
  }

  /// Patches on a side, for position embeddings of this shape; nil if they are no class token and a
  /// square.
  static func gridSize(ofPositions shape: [Int]) -> Int? {
    guard shape.count >= 2 else { return nil }
    let count = shape[shape.count - 2] - 1
    guard count > 0, count < 1 << 40 else { return nil }
    let side = Int(Double(count).squareRoot().rounded())
    return side * side == count ? side : nil
  }
}
