public import Checkpoints
internal import Kernels
internal import TensorCore

/// A base model and the task vectors of its experts, `tau_k = theta_k - theta_pre` (Ilharco et al.,
/// ICLR 2023), as a matrix of K rows: merging and its gradient are products with that matrix, made
/// piece by piece, so that K vectors need not be in memory.
public struct TaskVectorBank: Sendable {
  /// How the entries of task vectors are kept.
  public enum Precision: String, Sendable, Hashable, CaseIterable {
    case float32
    /// Half the memory, and half of what is read each step; entries are off by up to 0.4 %.
    case bfloat16

    var byteCount: Int { self == .float32 ? 4 : 2 }
  }

  public let base: StateDict
  /// The names of the experts' tasks, in the order of the rows.
  public private(set) var tasks: [String] = []
  /// What the vectors in memory may take, in bytes; further ones go to temporary files.
  public let memoryLimit: Int
  public let precision: Precision
  private(set) var vectors: [TaskVector] = []
  /// Which of the vectors' entries are dropped at random, before `agreement`; nil: none.
  private(set) var drop: RandomDrop?
  /// Which of the vectors' entries count; nil: all.
  private(set) var agreement: Agreement?

  public var layout: ParameterLayout { base.layout }

  /// A bank without experts yet; `append` adds them one at a time, so that only one is in memory
  /// beside its task vector.
  ///
  /// - Throws: `incompatibleExperts` if the base model holds NaN or infinity.
  public init(
    base: StateDict, precision: Precision = .float32, memoryLimit: Int = 1 << 30
  ) throws(MergingError) {
    let mismatches = ExpertComparison.nonFinite(base, of: nil)
    guard mismatches.isEmpty else { throw .incompatibleExperts(mismatches) }
    self.base = base
    self.precision = precision
    self.memoryLimit = memoryLimit
  }

  /// - Throws: `noExperts`, `duplicateTask`, `incompatibleExperts` with every mismatch of all
  ///   models; `noRoom`.
  public init(
    base: StateDict, experts: [(task: String, parameters: StateDict)],
    precision: Precision = .float32, memoryLimit: Int = 1 << 30
  ) throws(MergingError) {
    guard !experts.isEmpty else { throw .noExperts }
    let mismatches =
      ExpertComparison.nonFinite(base, of: nil)
      + experts.flatMap {
        ExpertComparison.mismatches(of: $0.task, $0.parameters, base: base.layout)
      }
    guard mismatches.isEmpty else { throw .incompatibleExperts(mismatches) }
    self.base = base
    self.precision = precision
    self.memoryLimit = memoryLimit
    for (task, parameters) in experts {
      guard !tasks.contains(task) else { throw .duplicateTask(task) }
      try add(task, parameters)
    }
  }

  /// Adds the expert of `task`.
  ///
  /// - Throws: `duplicateTask`, `incompatibleExperts` with every mismatch; `noRoom`.
  public mutating func append(_ task: String, _ expert: StateDict) throws(MergingError) {
    guard !tasks.contains(task) else { throw .duplicateTask(task) }
    let mismatches = ExpertComparison.mismatches(of: task, expert, base: layout)
    guard mismatches.isEmpty else { throw .incompatibleExperts(mismatches) }
    try add(task, expert)
  }

  private mutating func add(_ task: String, _ expert: StateDict) throws(MergingError) {
    let bytes = (vectors.count + 1) * layout.count * precision.byteCount
    vectors.append(
      try TaskVector(count: layout.count, inMemory: bytes <= memoryLimit, precision: precision) {
        range, values in difference(of: expert, in: range, into: values)
      })
    tasks.append(task)
  }

  /// The same bank, whose vectors keep only the entries that `agreement` keeps.
  func keeping(_ agreement: Agreement) -> TaskVectorBank {
    precondition(self.agreement == nil, "the vectors were not trimmed before")
    var bank = self
    bank.agreement = agreement
    return bank
  }

  /// The same bank, whose vectors lose entries at random and have the others rescaled. They are not
  /// copied: what is dropped is drawn again whenever a piece of them is read.
  public func dropping(_ drop: RandomDrop) -> TaskVectorBank {
    precondition(self.drop == nil && agreement == nil, "the vectors were whole before")
    var bank = self
    bank.drop = drop
    return bank
  }

  /// The entries `range` of the vector of row `row`.
  ///
  /// - Parameter scratch: at least as long; may get them.
  func values(
    ofRow row: Int, in range: Range<Int>, scratch: MutableFloatView
  ) throws(MergingError) -> FloatView {
    var values = try vectors[row].values(range, scratch: scratch)
    let kept = scratch[0..<range.count]
    if let drop {
      drop.apply(toTask: tasks[row], values, in: range, into: kept)
      values = kept.readOnly
    }
    if let agreement {
      agreement.apply(toRow: row, values, in: range, into: kept)
      values = kept.readOnly
    }
    return values
  }

  /// The vector of `task`; nil if the bank has no expert of it.
  ///
  /// - Throws: `noRoom`.
  public func vector(of task: String) throws(MergingError) -> StateDict? {
    guard let row = tasks.firstIndex(of: task) else { return nil }
    var vector = StateDict(zeros: layout)
    try add(row: row, to: &vector)
    return vector
  }

  /// All vectors, K x P, one after another: for small models.
  package func matrix() throws(MergingError) -> [Float] {
    var matrix: [Float] = []
    for task in tasks { matrix += try vector(of: task)!.values }
    return matrix
  }

  /// The expert of `task`, `theta_pre + tau_k` (its own weights up to the last place that the
  /// vectors are kept to); nil if the
  /// bank has none.
  ///
  /// - Throws: `noRoom`.
  public func expert(of task: String) throws(MergingError) -> StateDict? {
    guard let row = tasks.firstIndex(of: task) else { return nil }
    var expert = base
    try add(row: row, to: &expert)
    return expert
  }

  /// `theta_pre + sum_k lambda_k tau_k`, by `coefficients` of these tasks.
  ///
  /// - Throws: `unsuitableCoefficients` if tasks or layers are not the bank's; `noRoom`.
  public func merged(by coefficients: MergingCoefficients) throws(MergingError) -> StateDict {
    let coefficients = try coefficients.arranged(for: self)
    var bank = self
    if let drop = coefficients.drop { bank = bank.dropping(drop) }
    if let density = coefficients.density { bank = try bank.agreeing(density: density) }
    return try bank.weightedSum(coefficients.matrix, layers: coefficients.layers)
  }

  func ranges(of layers: [String]) -> [Range<Int>] { layers.map { layout[$0]!.range } }

  /// `theta_k - theta_pre` in `range`, laid out as the base model, should the expert list its
  /// tensors in another order.
  private func difference(
    of expert: StateDict, in range: Range<Int>, into values: MutableFloatView
  ) {
    unsafe base.values.withUnsafeBufferPointer { before in
      unsafe expert.values.withUnsafeBufferPointer { after in
        let (before, after) = (unsafe FloatView(before), unsafe FloatView(after))
        for entry in layout.entries where entry.range.overlaps(range) {
          let part = entry.range.clamped(to: range)
          let offset = expert.layout[entry.name]!.range.lowerBound - entry.range.lowerBound
          WeightedSum.difference(
            of: after[part.lowerBound + offset..<part.upperBound + offset], from: before[part],
            into: values[part.lowerBound - range.lowerBound..<part.upperBound - range.lowerBound])
        }
      }
    }
  }
}
