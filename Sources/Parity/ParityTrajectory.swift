internal import Checkpoints
internal import Merging
internal import TensorCore
internal import VisionModels

/// One adaptation of the coefficients beside its goldens.
struct ParityTrajectory {
  private let set: ParitySet
  private let method: AdaMerging
  /// The tensors in the order of the goldens' rows.
  private let rows: [String]

  init(_ set: ParitySet, _ method: AdaMerging, rows: [String]) {
    self.set = set
    self.method = method
    self.rows = rows
  }

  /// Of coefficients in the goldens: `[K]`, or `[L, K]`.
  var shape: [Int] {
    let tasks = set.heads.count
    return method.granularity == .taskwise ? [tasks] : [rows.count, tasks]
  }

  /// What errors of coefficients are at least relative to, the published start: near 0 single
  /// precision alone, PyTorch's too, comes to 1e-4 of the largest coefficient.
  private static let leastScale = 0.3

  /// Whether the tensor is the bias of a layer's keys, whose gradient is zero in exact arithmetic.
  static func isKeyBias(_ name: String) -> Bool {
    name.hasSuffix("k_proj.bias") || name.hasSuffix("attention.key.bias")
  }

  /// The largest errors of all steps.
  func errors(
    gradient: GoldenArray, coefficients: GoldenArray, losses: GoldenArray
  ) throws(ParityError) -> (
    gradient: LargestError, coefficients: LargestError, losses: LargestError
  ) {
    var errors = (
      gradient: LargestError(), coefficients: LargestError(), losses: LargestError()
    )
    let places = try places()
    var run = try start()
    let count = run.state.raw.count
    let (gradientScale, scale) = (gradient.scale, max(coefficients.scale, Self.leastScale))
    for step in 0..<losses.values.count {
      for (place, row) in places {
        errors.coefficients.add(
          run.state.raw[place], coefficients.values[step * count + row], scale: scale)
      }
      // A step tells the loss at its start; the last one is made for that alone.
      let loss = try advance(&run, set.heads.indices)
      errors.losses.add(loss, losses.values[step], scale: losses.scale)
      guard step == 0 else { continue }
      let found = Self.gradient(run)
      for (place, row) in places {
        errors.gradient.add(found[place], gradient.values[row], scale: gradientScale)
      }
    }
    return errors
  }

  /// The error of the first gradients of single tasks' losses, `[K, K]`, a loss in each row.
  func errorOfTaskGradients(_ golden: GoldenArray) throws(ParityError) -> LargestError {
    var error = LargestError()
    let count = set.heads.count
    for task in 0..<count {
      var run = try start()
      _ = try advance(&run, task..<task + 1)
      for (index, found) in Self.gradient(run).enumerated() {
        error.add(found, golden.values[task * count + index], scale: golden.scale)
      }
    }
    return error
  }

  /// The comparable coefficients: where a run keeps each, and where the goldens do.
  private func places() throws(ParityError) -> [(place: Int, row: Int)] {
    let count = set.heads.count
    guard method.granularity == .layerwise else { return (0..<count).map { ($0, $0) } }
    // A run has one task after another, the goldens one layer after another.
    let layers = try start().coefficients.layers
    let goldenRows = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
    return layers.enumerated().flatMap { layer, name in
      guard !Self.isKeyBias(name), let row = goldenRows[name] else { return [(Int, Int)]() }
      return (0..<count).map { ($0 * layers.count + layer, row * count + $0) }
    }
  }

  private func start() throws(ParityError) -> AdaMergingRun {
    do {
      return try AdaMergingRun(method, bank: set.bank, encoder: set.encoder)
    } catch {
      throw .merging(error)
    }
  }

  /// Makes a step on the images of `tasks`, and gives the loss before it.
  private func advance(
    _ run: inout AdaMergingRun, _ tasks: Range<Int>
  ) throws(ParityError) -> Double {
    do {
      return try run.step(
        tasks.map { (set.bank.tasks[$0], set.heads[$0], set.images[$0]) }
      ).loss
    } catch {
      throw .merging(error)
    }
  }

  /// The gradient of the only step made: Adam's running mean is then (1 - beta1) of it.
  private static func gradient(_ run: AdaMergingRun) -> [Double] {
    let optimizer = run.state.optimizer
    return optimizer.first.map { $0 / (1 - optimizer.beta1) }
  }
}
