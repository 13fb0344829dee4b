internal import Checkpoints
internal import Merging
internal import TensorCore
internal import VisionModels

/// Computes everything that a parity set has goldens of, and takes the largest errors.
public struct ParityCheck: Sendable {
  private let set: ParitySet
  private var results: [ParityResult] = []
  private var compared: Set<String> = []

  /// Compares all of `set`.
  ///
  /// - Parameter progress: told the share that is done, 0 to 1, and what comes next.
  /// - Throws: what is wrong with the goldens, and `merging` if a computation has no result.
  public static func run(
    _ set: ParitySet, progress: (Double, String) -> Void = { _, _ in }
  ) throws(ParityError) -> ParityReport {
    var check = ParityCheck(set: set)
    let models = try check.models()
    let cases = set.golden.cases
    let total = Double(models.count + 1 + cases.count)
    for (index, model) in models.enumerated() {
      progress(Double(index) / total, "model \(model.name)")
      try check.compare(model)
    }
    progress(Double(models.count) / total, "masks of TIES")
    try check.compareMasks()
    for (index, (name, golden)) in cases.enumerated() {
      progress(Double(models.count + 1 + index) / total, name)
      try check.compare(name, golden)
    }
    return ParityReport(check.results, remarks: check.remarks())
  }

  private init(set: ParitySet) { self.set = set }

  private mutating func add(_ quantity: ParityQuantity, _ name: String, _ error: LargestError) {
    results.append(ParityResult(quantity: quantity, name: name, error: error.value))
  }

  private mutating func golden(
    _ name: String, _ shape: [Int]
  ) throws(ParityError) -> GoldenArray {
    compared.insert(name)
    return try set.tensors.array(name, shape: shape)
  }

  // MARK: Models

  /// A model of which there are features: the base model, an expert or a merge.
  private struct Model {
    enum Kind {
      case base
      case expert(Int)
      case merged(Double, isTrimmed: Bool)
    }

    let name: String
    let kind: Kind
  }

  /// The models that the names of the goldens speak of.
  private func models() throws(ParityError) -> [Model] {
    var names: [String] = []
    for name in set.tensors.names {
      guard let end = name.firstRange(of: ".task"), name.hasSuffix(".image_embeds") else {
        continue
      }
      let model = String(name[..<end.lowerBound])
      if !names.contains(model) { names.append(model) }
    }
    return try names.map { (name) throws(ParityError) in
      if name == "base" { return Model(name: name, kind: .base) }
      if name.hasPrefix("ft"), let task = Int(name.dropFirst(2)),
        set.heads.indices.contains(task)
      {
        return Model(name: name, kind: .expert(task))
      }
      for (prefix, isTrimmed) in [("merged_ties_taskwise_", true), ("merged_taskwise_", false)]
      where name.hasPrefix(prefix) {
        guard let lambda = Double(name.dropFirst(prefix.count)) else { continue }
        return Model(name: name, kind: .merged(lambda, isTrimmed: isTrimmed))
      }
      throw .unsuitable(
        file: set.tensors.path, name: name,
        problem: "is no model of the set: base, ft0 to ft\(set.heads.count - 1), "
          + "merged_taskwise_0.3 and merged_ties_taskwise_0.3 are")
    }
  }

  private mutating func compare(_ model: Model) throws(ParityError) {
    let parameters: StateDict
    switch model.kind {
    case .base: parameters = set.base.parameters
    case .expert(let task): parameters = try set.expert(task)
    case .merged(let lambda, let isTrimmed):
      parameters = try merged(lambda, isTrimmed: isTrimmed)
      let error = try MergedWeights(set).error(
        of: parameters, lambda: lambda, isTrimmed: isTrimmed)
      add(.mergedWeights, model.name, error)
    }
    var (features, logits, entropies) = (LargestError(), LargestError(), LargestError())
    for (task, head) in set.heads.enumerated() {
      let found = set.encoder.features(of: set.images[task], parameters: parameters)
      let foundLogits = head.logits(of: found)
      let name = "\(model.name).task\(task)"
      let count = found.rowCount
      features.add(
        found.values, try golden("\(name).image_embeds", [count, set.encoder.embeddingWidth]))
      logits.add(foundLogits.values, try golden("\(name).logits", [count, head.classCount]))
      entropies.add(
        EntropyObjective().evaluate(foundLogits).entropies, try golden("\(name).entropy", [count]))
    }
    add(.features, model.name, features)
    add(.logits, model.name, logits)
    add(.entropies, model.name, entropies)
  }

  private func merged(
    _ lambda: Double, isTrimmed: Bool
  ) throws(ParityError) -> StateDict {
    let density = isTrimmed ? set.golden.setup.topk : nil
    do {
      return try set.bank.merged(
        by: MergingCoefficients(uniform: lambda, for: set.bank, density: density))
    } catch {
      throw .merging(error)
    }
  }

  private mutating func compareMasks() throws(ParityError) {
    for (task, differing) in try MergedWeights(set).differingMaskEntries().enumerated() {
      results.append(
        ParityResult(quantity: .masks, name: "task\(task)", error: Double(differing)))
    }
  }

  // MARK: Adaptations

  private mutating func compare(
    _ name: String, _ golden: ParityGolden.Case
  ) throws(ParityError) {
    let method = try golden.method(
      name, topk: set.golden.setup.topk, names: set.encoder.layout.names,
      path: "\(set.folder)/golden.json")
    let trajectory = ParityTrajectory(set, method, rows: golden.mergedTensors)
    let shape = trajectory.shape
    let gradient = try self.golden("\(name).grad_at_init", shape)
    let coefficients = try self.golden("\(name).lambda_trajectory", [golden.steps + 1] + shape)
    let losses = try self.golden("\(name).loss_trajectory", [golden.steps + 1])
    let errors = try trajectory.errors(
      gradient: gradient, coefficients: coefficients, losses: losses)
    add(.gradients, name, errors.gradient)
    add(.trajectories, name, errors.coefficients)
    add(.losses, name, errors.losses)
    let each = "\(name).grad_per_task_loss"
    if set.tensors.names.contains(each) {
      let count = set.heads.count
      let expected = try self.golden(each, [count, count])
      add(.gradients, each, try trajectory.errorOfTaskGradients(expected))
    }
  }

  /// What stays out, and why.
  private func remarks() -> [String] {
    var remarks: [String] = []
    let keys = set.encoder.layout.names.filter(ParityTrajectory.isKeyBias)
    if set.golden.cases.contains(where: { $0.golden.mode == .layer }) {
      remarks.append(
        "Not compared in layer-wise gradients and trajectories: the \(keys.count) rows of keys' "
          + "biases (\(keys.first ?? "") and so on). Their gradient is zero in exact arithmetic, as "
          + "softmax does not see a shift of all keys; Adam turns rounding noise into drift.")
    }
    let others = set.tensors.names.filter { !compared.contains($0) }
    if let first = others.first {
      remarks.append(
        "Not compared: \(others.count) other tensors of golden.safetensors, \(first) the first.")
    }
    return remarks
  }
}
