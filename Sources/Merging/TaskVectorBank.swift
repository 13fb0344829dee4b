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
  /// - Throws: `incompatibleExperts` if the base model holds NaN or infinity.
  public init(base: StateDict) throws(MergingError) {
    let mismatches = ExpertComparison.nonFinite(base, of: nil)
    guard mismatches.isEmpty else { throw .incompatibleExperts(mismatches) }
    self.base = base
  }

  /// - Throws: `noExperts`, `duplicateTask`, `incompatibleExperts` with every mismatch of all
  ///   models.
  public init(
    base: StateDict, experts: [(task: String, parameters: StateDict)]
  ) throws(MergingError) {
    guard !experts.isEmpty else { throw .noExperts }
    let mismatches =
      ExpertComparison.nonFinite(base, of: nil)
      + experts.flatMap {
        ExpertComparison.mismatches(of: $0.task, $0.parameters, base: base.layout)
      }
    guard mismatches.isEmpty else { throw .incompatibleExperts(mismatches) }
    self.base = base
    vectors.reserveCapacity(experts.count * base.layout.count)
    for (task, parameters) in experts {
      guard !tasks.contains(task) else { throw .duplicateTask(task) }
      add(task, parameters)
    }
  }

  /// Adds the expert of `task`.
  ///
  /// - Throws: `duplicateTask`, `incompatibleExperts` with every mismatch.
  public mutating func append(_ task: String, _ expert: StateDict) throws(MergingError) {
    guard !tasks.contains(task) else { throw .duplicateTask(task) }
    let mismatches = ExpertComparison.mismatches(of: task, expert, base: layout)
    guard mismatches.isEmpty else { throw .incompatibleExperts(mismatches) }
    add(task, expert)
  }

  private mutating func add(_ task: String, _ expert: StateDict) {
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
}
