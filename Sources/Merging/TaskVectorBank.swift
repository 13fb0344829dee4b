public import Checkpoints
internal import Kernels
internal import TensorCore

/// A base model and the task vectors of its experts, `tau_k = theta_k - theta_pre` (Ilharco et al.,
/// ICLR 2023), as a matrix of K rows: merging and its gradient are products with that matrix.
public struct TaskVectorBank: Sendable {
  public let base: StateDict
  /// The names of the experts' tasks, in the order of the rows.
  public private(set) var tasks: [String] = []
  /// K x P, one task vector after another.
  public private(set) var vectors: [Float] = []

  public var layout: ParameterLayout { base.layout }

  /// A bank without experts yet; `append` adds them one at a time, so that only one is in memory
  /// beside its task vector.
  ///
  /// - Throws: `nonFinite`.
  public init(base: StateDict) throws(MergingError) {
    try Self.checkFinite(base, of: "the base model")
    self.base = base
  }

  /// - Throws: `noExperts`, `duplicateTask`, `incompatibleExperts` with every mismatch of all
  ///   experts, `nonFinite`.
  public init(
    base: StateDict, experts: [(task: String, parameters: StateDict)]
  ) throws(MergingError) {
    try self.init(base: base)
    guard !experts.isEmpty else { throw .noExperts }
    let mismatches = experts.flatMap { Self.mismatches(of: $0.task, $0.parameters.layout, base) }
    guard mismatches.isEmpty else { throw .incompatibleExperts(mismatches) }
    vectors.reserveCapacity(experts.count * base.layout.count)
    for (task, parameters) in experts { try append(task, parameters) }
  }

  /// Adds the expert of `task`.
  ///
  /// - Throws: `duplicateTask`, `incompatibleExperts`, `nonFinite`.
  public mutating func append(_ task: String, _ expert: StateDict) throws(MergingError) {
    guard !tasks.contains(task) else { throw .duplicateTask(task) }
    let mismatches = Self.mismatches(of: task, expert.layout, base)
    guard mismatches.isEmpty else { throw .incompatibleExperts(mismatches) }
    try Self.checkFinite(expert, of: "the expert of '\(task)'")
    tasks.append(task)
    vectors += Self.difference(of: expert, from: base)
  }

  /// The same bank with other vectors, K x P.
  package func replacing(vectors: [Float]) -> TaskVectorBank {
    precondition(vectors.count == self.vectors.count, "as many vectors of the same length")
    var bank = self
    bank.vectors = vectors
    return bank
  }

  /// The vector of `task`, nil if the bank has no expert of it.
  public func vector(of task: String) -> StateDict? {
    guard let row = tasks.firstIndex(of: task) else { return nil }
    return StateDict(
      layout: layout, values: Array(vectors[row * layout.count..<(row + 1) * layout.count]))
  }

  /// The expert of `task`, `theta_pre + tau_k` (its own weights up to the last place); nil if the
  /// bank has none.
  public func expert(of task: String) -> StateDict? {
    // An array of its own: an observed property would be copied for every element.
    guard var values = vector(of: task)?.values else { return nil }
    for index in values.indices { values[index] += base.values[index] }
    return StateDict(layout: layout, values: values)
  }

  /// `theta_pre + sum_k lambda_k tau_k`, by `coefficients` of these tasks.
  ///
  /// - Throws: `unsuitableCoefficients` if tasks or layers are not the bank's.
  public func merged(by coefficients: MergingCoefficients) throws(MergingError) -> StateDict {
    let coefficients = try coefficients.arranged(for: self)
    let bank = coefficients.density.map { agreeing(density: $0) } ?? self
    return bank.weightedSum(coefficients.matrix, layers: coefficients.layers)
  }

  /// The weighted sum by a matrix K x L over `layers`; other layers are the base model's.
  func weightedSum(_ matrix: [Float], layers: [String]) -> StateDict {
    var merged = base
    weightedSum(matrix, ranges: ranges(of: layers), into: &merged)
    return merged
  }

  func weightedSum(_ matrix: [Float], ranges: [Range<Int>], into merged: inout StateDict) {
    WeightedSum.merge(
      base: base.values, vectors: vectors, coefficients: matrix, ranges: ranges,
      into: &merged.values)
  }

  func ranges(of layers: [String]) -> [Range<Int>] { layers.map { layout[$0]!.range } }

  private static func mismatches(
    of task: String, _ layout: ParameterLayout, _ base: StateDict
  ) -> [MergingError.Mismatch] {
    guard layout != base.layout else { return [] }
    let own = base.layout.entries.compactMap { entry -> MergingError.Mismatch? in
      let got = layout[entry.name]?.shape
      guard got != entry.shape else { return nil }
      return .init(expert: task, tensor: entry.name, base: entry.shape, got: got)
    }
    let others = layout.entries.filter { base.layout[$0.name] == nil }
    return own
      + others.map { .init(expert: task, tensor: $0.name, base: nil, got: $0.shape) }
  }

  /// `theta_k - theta_pre`, laid out as the base model, should the expert list its tensors in
  /// another order.
  private static func difference(of expert: StateDict, from base: StateDict) -> [Float] {
    let (before, after) = (base.values.span, expert.values.span)
    return [Float](capacity: base.layout.count) { output in
      for entry in base.layout.entries {
        let ours = before.extracting(entry.range)
        let theirs = after.extracting(expert.layout[entry.name]!.range)
        for index in ours.indices { output.append(theirs[index] - ours[index]) }
      }
    }
  }

  private static func checkFinite(
    _ parameters: StateDict, of model: String
  ) throws(MergingError) {
    for entry in parameters.layout.entries {
      let values = parameters.values.span.extracting(entry.range)
      // x * 0 is 0 for finite x alone; a sum without branches vectorises.
      var sum: Float = 0
      for index in values.indices { sum += values[index] * 0 }
      guard sum != 0 else { continue }
      for index in values.indices where !values[index].isFinite {
        throw .nonFinite(model: model, tensor: entry.name, index: index)
      }
    }
  }
}
