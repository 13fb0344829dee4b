internal import Checkpoints
public import Communication
public import TensorCore
public import VisionModels

/// An adaptation in progress: the coefficients and their optimizer, one step at a time.
///
/// A step merges once, sends the images of all tasks through the one encoder together, the heads
/// apart, and goes back once; the gradient of a coefficient is then the inner product
/// `<dloss/dtheta_l, tau_kl>`.
///
/// The images of a step may be spread over the ranks of a job: each has the merged model and its own
/// part of every batch, the gradients of the coefficients and what was predicted are added up, and all
/// make the same step. Up to rounding it is the step that one process makes of the whole batches.
public struct AdaMergingRun: Sendable {
  /// A batch, or a rank's part of it.
  public typealias TaskBatch = (task: String, head: ClassificationHead, images: Tensor)

  /// Everything that later steps depend on, besides the models and the stream.
  public struct State: Sendable, Equatable {
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
  let bank: TaskVectorBank
  let encoder: any ImageEncoder
  let objective: any AdaptationObjective
  let communicator: any Communicator
  let layers: [String]
  let ranges: [Range<Int>]
  var merged: StateDict
  var gradients: StateDict

  /// - Parameters:
  ///   - bank: the experts; trimmed here if the method wants it.
  ///   - state: where to go on, the same on all ranks; nil: at the start.
  ///   - communicator: the ranks that share the images; all make the same calls.
  /// - Throws: `noExperts`, `differentLayout`, `differentState`.
  public init(
    _ method: AdaMerging, bank: TaskVectorBank, encoder: any ImageEncoder,
    objective: (any AdaptationObjective)? = nil, resuming state: State? = nil,
    communicator: any Communicator = SingleProcess()
  ) throws(MergingError) {
    guard !bank.tasks.isEmpty else { throw .noExperts }
    guard encoder.layout == bank.layout else { throw .differentLayout(method: method.name) }
    let settings = method.settings
    self.method = method
    self.encoder = encoder.with(keyBias: settings.keyBias)
    self.objective = objective ?? EntropyObjective(settings)
    self.communicator = communicator
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
  /// - Parameter batches: each with its task's name and head; images `[N, 3, S, S]`, of which each
  ///   rank gives its own: N may be 0, but not on all. A task may have several batches, or none in
  ///   this step: its expert's coefficients still get a gradient.
  /// - Throws: `noBatches`, `differentWidth`, `nonFiniteEntropy`, `nonFiniteGradient`, on every rank;
  ///   the state is then as before.
  @discardableResult
  public mutating func step(_ batches: [TaskBatch]) throws(MergingError) -> AdaptationStep {
    guard !batches.isEmpty else { throw .noBatches(method: method.name) }
    for batch in batches where batch.head.embeddingWidth != encoder.embeddingWidth {
      throw .differentWidth(
        method: method.name, task: batch.task, head: batch.head.embeddingWidth,
        encoder: encoder.embeddingWidth)
    }
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
  private mutating func update(_ batches: [TaskBatch]) throws(MergingError) -> AdaptationStep {
    let shares = BatchShares(
      images: batches.map(\.images.rowCount), imagesPerPass: imagesPerPass,
      communicator: communicator)
    let means = coefficients.taskMeans
    let (loss, tallies, slope) = try slope(batches, shares)
    var gradient = slope
    if method.settings.sharpness > 0 {
      // Uphill by a fixed length, and the gradient there.
      let raw = state.raw
      let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for index in raw.indices where length > 0 {
        state.raw[index] += method.settings.sharpness * gradient[index] / length
      }
      gradient = try self.slope(batches, shares).gradient
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
}

extension AdaMergingRun.State: Codable {
  private enum CodingKeys: String, CodingKey {
    case raw, optimizer, trajectory
  }

  /// - Throws: `DecodingError` for what is no state between two steps.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func refuse(_ key: CodingKeys, _ reason: String) -> DecodingError {
      .dataCorruptedError(forKey: key, in: container, debugDescription: reason)
    }
    raw = try container.decode([Double].self, forKey: .raw)
    optimizer = try container.decode(Adam.self, forKey: .optimizer)
    trajectory = try container.decode([AdaptationStep].self, forKey: .trajectory)
    guard optimizer.first.count == raw.count, optimizer.second.count == raw.count else {
      throw refuse(.optimizer, "not a moment for each of the \(raw.count) coefficients")
    }
    guard (0...trajectory.count).contains(optimizer.updates) else {
      throw refuse(.optimizer, "\(optimizer.updates) updates in \(trajectory.count) steps")
    }
    guard trajectory.allSatisfy(\.isConsistent) else {
      throw refuse(.trajectory, "a step without a value for each of its tasks")
    }
  }
}
