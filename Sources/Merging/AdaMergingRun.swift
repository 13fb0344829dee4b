internal import Checkpoints
internal import Kernels
public import TensorCore
public import VisionModels

/// An adaptation in progress: the coefficients and their optimizer, one step at a time.
///
/// A step merges once, sends the images of all tasks through the one encoder together, the heads
/// apart, and goes back once; the gradient of a coefficient is then the inner product
/// `<dloss/dtheta_l, tau_kl>`.
public struct AdaMergingRun: Sendable {
  /// Everything that later steps depend on, besides the models and the stream.
  public struct State: Sendable, Equatable, Codable {
    /// The coefficients before clamping: K, or K x L, one task after another.
    public internal(set) var raw: [Double]
    public internal(set) var optimizer: Adam
    public internal(set) var trajectory: [AdaptationStep] = []

    /// Steps made.
    public var steps: Int { trajectory.count }

    /// The start of an adaptation of `count` coefficients.
    init(_ settings: AdaMergingSettings, count: Int) {
      raw = Array(repeating: settings.initialCoefficient, count: count)
      optimizer = Adam(count: count, learningRate: settings.learningRate)
    }

    /// Coefficients and optimizer as at the start; what happened stays known.
    mutating func restart(_ settings: AdaMergingSettings) {
      let trajectory = trajectory
      self = State(settings, count: raw.count)
      self.trajectory = trajectory
    }
  }

  public let method: AdaMerging
  public private(set) var state: State
  private let bank: TaskVectorBank
  private let encoder: any ImageEncoder
  private let objective: any AdaptationObjective
  private let layers: [String]
  private let ranges: [Range<Int>]
  private var merged: StateDict
  private var gradients: StateDict

  /// - Parameters:
  ///   - bank: the experts; trimmed here if the method wants it.
  ///   - state: where to go on; nil: at the start.
  /// - Throws: `noExperts`, `differentLayout`, `differentState`.
  public init(
    _ method: AdaMerging, bank: TaskVectorBank, encoder: any ImageEncoder,
    objective: (any AdaptationObjective)? = nil, resuming state: State? = nil
  ) throws(MergingError) {
    guard !bank.tasks.isEmpty else { throw .noExperts }
    guard encoder.layout == bank.layout else { throw .differentLayout(method: method.name) }
    let settings = method.settings
    self.method = method
    self.encoder = encoder.with(keyBias: settings.keyBias)
    self.objective = objective ?? EntropyObjective(settings)
    self.bank =
      try method.density.map { (density) throws(MergingError) in
        try bank.agreeing(density: density)
      } ?? bank
    layers = bank.layout.names.filter {
      settings.mergesProjection || $0 != WeightNames.visualProjection
    }
    ranges = bank.ranges(of: layers)
    merged = bank.base
    gradients = StateDict(zeros: bank.layout)
    let count = bank.tasks.count * (method.granularity == .taskwise ? 1 : layers.count)
    if let state {
      guard state.raw.count == count, state.optimizer.first.count == count,
        state.optimizer.second.count == count
      else {
        throw .differentState(
          method: method.name, reason: "\(state.raw.count) coefficients instead of \(count)")
      }
      self.state = state
    } else {
      self.state = State(settings, count: count)
    }
  }

  /// The coefficients in use: clamped, if the protocol clamps.
  public var coefficients: MergingCoefficients {
    MergingCoefficients(
      method.granularity, tasks: bank.tasks, layers: layers,
      values: method.settings.clamps ? state.raw.map { min(max($0, 0), 1) } : state.raw,
      density: method.density)
  }

  /// The model that the coefficients make.
  ///
  /// - Throws: `noRoom`.
  public func model() throws(MergingError) -> MergedModel {
    let coefficients = coefficients
    return MergedModel(
      shared: try bank.weightedSum(coefficients.matrix, layers: layers), coefficients: coefficients,
      trajectory: state.trajectory)
  }

  /// One step of the optimizer.
  ///
  /// - Parameter batches: each with its task's name and head; images `[N, 3, S, S]`. A task may have
  ///   several, or none in this step: its expert's coefficients still get a gradient.
  /// - Throws: `noBatches`, `nonFiniteEntropy`, `nonFiniteGradient`; the state is then as before.
  @discardableResult
  public mutating func step(
    _ batches: [(task: String, head: ClassificationHead, images: Tensor)]
  ) throws(MergingError) -> AdaptationStep {
    guard !batches.isEmpty else { throw .noBatches(method: method.name) }
    let before = state
    do throws(MergingError) {
      if let period = method.settings.resetEvery, state.steps > 0, state.steps % period == 0 {
        state.restart(method.settings)
      }
      return try update(batches)
    } catch {
      state = before
      throw error
    }
  }

  /// A step from where the coefficients are.
  private mutating func update(
    _ batches: [(task: String, head: ClassificationHead, images: Tensor)]
  ) throws(MergingError) -> AdaptationStep {
    let means = coefficients.taskMeans
    let (loss, tallies, slope) = try slope(batches)
    var gradient = slope
    if method.settings.sharpness > 0 {
      // Uphill by a fixed length, and the gradient there.
      let raw = state.raw
      let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for index in raw.indices where length > 0 {
        state.raw[index] += method.settings.sharpness * gradient[index] / length
      }
      gradient = try self.slope(batches).gradient
      state.raw = raw
    }
    let step = AdaptationStep(
      step: state.steps + 1, loss: loss, tasks: tallies.map(\.task),
      entropies: tallies.map(\.meanEntropy), coefficients: means,
      largestClassShares: tallies.map(\.largestClassShare),
      meanPredictionEntropies: tallies.map(\.meanPredictionEntropy))
    state.optimizer.update(&state.raw, gradient: gradient)
    state.trajectory.append(step)
    return step
  }

  /// What the encoder may keep of the images of a pass, in bytes. Larger passes are no faster.
  package static let activationMemory = 1 << 30

  private var imagesPerPass: Int {
    max(
      1,
      min(
        method.settings.imagesPerPass,
        Self.activationMemory / max(1, encoder.activationBytesPerImage)))
  }

  /// The loss, what was predicted, and the gradient of the raw coefficients.
  private mutating func slope(
    _ batches: [(task: String, head: ClassificationHead, images: Tensor)]
  ) throws(MergingError) -> (loss: Double, tallies: [PredictionTally], gradient: [Double]) {
    try bank.weightedSum(coefficients.matrix, ranges: ranges, into: &merged)
    unsafe gradients.values.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0) }
    var loss = 0.0
    var tallies: [PredictionTally] = []
    for pass in passes(batches) {
      try accumulate(batches[pass], &loss, &tallies)
    }
    var gradient = try coefficientGradient()
    if method.settings.anchor > 0 {
      for (index, value) in state.raw.enumerated() {
        let distance = value - method.settings.initialCoefficient
        loss += method.settings.anchor * distance * distance
        gradient[index] += 2 * method.settings.anchor * distance
      }
    }
    return (loss, tallies, gradient)
  }

  /// Runs of batches that go through the encoder together.
  private func passes(
    _ batches: [(task: String, head: ClassificationHead, images: Tensor)]
  ) -> [Range<Int>] {
    var passes: [Range<Int>] = []
    var (start, images) = (0, 0)
    for (index, batch) in batches.enumerated() {
      if index > start, images + batch.images.rowCount > imagesPerPass {
        passes.append(start..<index)
        (start, images) = (index, 0)
      }
      images += batch.images.rowCount
    }
    return passes + [start..<batches.count]
  }

  /// Adds the loss of `batches` and its gradients, by one pass forward and one back. A batch that is
  /// larger than a pass goes forward twice: once for its loss as a whole, and once more part by part
  /// for the gradients.
  private mutating func accumulate(
    _ batches: ArraySlice<(task: String, head: ClassificationHead, images: Tensor)>,
    _ loss: inout Double, _ tallies: inout [PredictionTally]
  ) throws(MergingError) {
    let pixels =
      batches.count == 1 ? batches.first!.images : Tensor.concatenating(batches.map(\.images))
    let isCut = pixels.rowCount > imagesPerPass
    let features: Tensor
    var tape: ActivationTape?
    if isCut {
      features = encoder.features(of: pixels, parameters: merged)
    } else {
      (features, tape) = encoder.recordFeatures(of: pixels, parameters: merged)
    }
    var featureGradients: [Tensor] = []
    var row = 0
    for (task, head, images) in batches {
      guard head.embeddingWidth == features.rowLength else {
        throw .differentWidth(
          method: method.name, task: task, head: head.embeddingWidth, encoder: features.rowLength)
      }
      let part = features.rows(row..<row + images.rowCount)
      row += images.rowCount
      let logits = head.logits(of: part)
      let value = objective.evaluate(logits)
      let sum = value.entropies.reduce(0.0) { $0 + Double($1) }
      guard sum.isFinite, value.loss.isFinite else {
        throw .nonFiniteEntropy(method: method.name, task: task, step: state.steps + 1)
      }
      loss += value.loss
      if let place = tallies.firstIndex(where: { $0.task == task }) {
        tallies[place].add(logits, entropies: value.entropies)
      } else {
        tallies.append(PredictionTally(task: task, logits, entropies: value.entropies))
      }
      featureGradients.append(head.featureGradient(of: value.gradient, features: part))
    }
    let featureGradient = Tensor.concatenating(featureGradients)
    if let tape {
      encoder.accumulateGradients(
        of: featureGradient, through: tape, parameters: merged, into: &gradients)
      return
    }
    for start in stride(from: 0, to: pixels.rowCount, by: imagesPerPass) {
      let part = start..<min(pixels.rowCount, start + imagesPerPass)
      encoder.accumulateGradients(
        of: featureGradient.rows(part),
        through: encoder.recordFeatures(of: pixels.rows(part), parameters: merged).tape,
        parameters: merged, into: &gradients)
    }
  }

  /// The gradient of the raw coefficients: inner products with the task vectors, 0 where clamped.
  private func coefficientGradient() throws(MergingError) -> [Double] {
    let products = try bank.coefficientGradient(of: gradients, ranges: ranges)
    if let place = products.firstIndex(where: { !$0.isFinite }) {
      let (task, layer) = place.quotientAndRemainder(dividingBy: layers.count)
      throw .nonFiniteGradient(
        method: method.name, task: bank.tasks[task], step: state.steps + 1, layer: layers[layer])
    }
    var gradient: [Double]
    switch method.granularity {
    case .layerwise: gradient = products.map { Double($0) }
    case .taskwise:
      gradient = bank.tasks.indices.map { task in
        products[task * layers.count..<(task + 1) * layers.count].reduce(0.0) { $0 + Double($1) }
      }
    }
    if method.settings.clamps {
      for index in gradient.indices where state.raw[index] < 0 || state.raw[index] > 1 {
        gradient[index] = 0
      }
    }
    return gradient
  }
}
