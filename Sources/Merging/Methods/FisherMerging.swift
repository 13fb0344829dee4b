internal import Checkpoints
internal import Kernels
internal import TensorCore
internal import VisionModels

/// Fisher merging (Matena and Raffel, NeurIPS 2022, equation 3): every parameter is the mean of the
/// experts' weighted by the diagonal of their Fisher information,
///
///     F_k = E_x E_{y ~ p_k(y|x)} (d log p_k(y|x) / d theta_k)^2
///     theta = sum_k w_k F_k theta_k / sum_k w_k F_k
///
/// with expectations over unlabeled images of task k and over the expert's own predictions. It needs
/// no labels and learns nothing; no weights of whole tensors make its model.
public struct FisherMerging: AdaptiveMethod {
  /// How the expectation over the classes is taken.
  public enum Labels: String, Sendable, CaseIterable {
    /// One class for each image, drawn from the expert's prediction: one gradient an image.
    case sampled
    /// Exactly: one gradient for each image and class.
    case expected
  }

  public let name = "fisher"
  /// Images of each task; a smaller data set is passed through again.
  public let images: Int
  public let labels: Labels
  /// Whether each expert's Fisher information counts relative to its L2 norm, `w_k = 1 / |F_k|`, as
  /// in FusionBench, so that no expert outweighs the others; else `w_k = 1`.
  public let normalizes: Bool
  public let seed: UInt64

  /// What `w_k F_k` is at least: where no expert has any information, they count alike.
  static let floor: Float = 1e-10

  public init(
    images: Int = 256, labels: Labels = .sampled, normalizes: Bool = true, seed: UInt64 = 0
  ) {
    precondition(images > 0, "an image")
    self.images = images
    self.labels = labels
    self.normalizes = normalizes
    self.seed = seed
  }

  /// Batches of 16 in one shuffled pass.
  public var settings: AdaMergingSettings { .onePass(images: images) }

  /// - Throws: `noBatches` unless every expert's task has images, `noRoom`, `nonFiniteGradient`.
  public func merge(
    _ bank: TaskVectorBank, adaptingTo data: AdaptationData?
  ) throws(MergingError) -> MergedModel {
    guard let data, !bank.tasks.isEmpty else { throw .noBatches(method: name) }
    guard data.encoder.layout == bank.layout else { throw .differentLayout(method: name) }
    var information: [(values: TaskVector, weight: Float)] = []
    for task in bank.tasks {
      let stream = try data.stream(of: task, method: name)
      let fisher = try FisherInformation(
        self, of: bank.expert(of: task)!, encoder: data.encoder, stream)
      let bytes =
        (bank.tasks.count + information.count + 1) * bank.layout.count * MemoryLayout<Float>.stride
      let kept = try TaskVector(
        count: bank.layout.count, inMemory: bytes <= bank.memoryLimit
      ) { range, target in
        unsafe fisher.values.withUnsafeBufferPointer { target.copy(unsafe FloatView($0)[range]) }
      }
      information.append((kept, normalizes ? Float(1 / max(fisher.norm, 1e-20)) : 1))
    }
    return MergedModel(
      shared: try bank.mean(weightedBy: information, floor: Self.floor), coefficients: nil)
  }
}

/// The diagonal Fisher information of one expert.
private struct FisherInformation {
  private(set) var values: [Float]

  init(
    _ method: FisherMerging, of expert: StateDict, encoder: any ImageEncoder,
    _ task: AdaptationData.Task
  ) throws(MergingError) {
    values = [Float](repeating: 0, count: expert.layout.count)
    guard task.head.embeddingWidth == encoder.embeddingWidth else {
      throw .differentWidth(
        method: method.name, task: task.name, head: task.head.embeddingWidth,
        encoder: encoder.embeddingWidth)
    }
    var (stream, random) = (task.batches, KeyedRandom(seed: method.seed, "fisher", task.name))
    var gradients = StateDict(zeros: expert.layout)
    var done = 0
    while done < method.images {
      let batch = stream.next()
      for row in 0..<min(batch.rowCount, method.images - done) {
        let image = batch.rows(row..<row + 1)
        let features = encoder.features(of: image, parameters: expert)
        let probabilities = SoftmaxEntropy.probabilities(of: task.head.logits(of: features)).values
        guard probabilities.allSatisfy(\.isFinite) else {
          throw .nonFiniteEntropy(
            method: method.name, task: task.name, step: done + 1,
            layer: encoder.firstNonFiniteLayer(of: image, parameters: expert))
        }
        let share = 1 / Float(method.images)
        switch method.labels {
        case .sampled:
          let label = Self.draw(probabilities, random.uniform())
          add(label, probabilities, image, expert, encoder, task.head, share, &gradients)
        case .expected:
          for (label, probability) in probabilities.enumerated() where probability > 0 {
            add(
              label, probabilities, image, expert, encoder, task.head, share * probability,
              &gradients)
          }
        }
        done += 1
      }
    }
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteGradient(
        method: method.name, task: task.name, step: done,
        layer: expert.layout.entries.first { $0.range.contains(place) }!.name)
    }
  }

  var norm: Double { values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }

  /// Adds the squared gradient of `log p(label)`, weighted.
  private mutating func add(
    _ label: Int, _ probabilities: [Float], _ image: Tensor, _ expert: StateDict,
    _ encoder: any ImageEncoder, _ head: ClassificationHead, _ weight: Float,
    _ gradients: inout StateDict
  ) {
    let (features, tape) = encoder.recordFeatures(of: image, parameters: expert)
    var slope = probabilities
    slope[label] -= 1
    unsafe gradients.values.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0) }
    encoder.accumulateGradients(
      of: head.featureGradient(
        of: Tensor(shape: [1, slope.count], values: slope), features: features),
      through: tape, parameters: expert, into: &gradients)
    unsafe values.withUnsafeMutableBufferPointer { values in
      let values = unsafe MutableFloatView(values)
      unsafe gradients.values.withUnsafeBufferPointer { gradients in
        let gradients = unsafe FloatView(gradients)
        Parallel.forEachChunk(of: values.count, chunk: 1 << 15) { range in
          WeightedSum.addSquares(of: gradients[range], times: weight, to: values[range])
        }
      }
    }
  }

  /// The class that `uniform`, in [0, 1), falls on.
  private static func draw(_ probabilities: [Float], _ uniform: Double) -> Int {
    var sum = 0.0
    for (label, probability) in probabilities.enumerated() {
      sum += Double(probability)
      if uniform < sum { return label }
    }
    return probabilities.indices.max { probabilities[$0] < probabilities[$1] }!
  }
}

extension TaskVectorBank {
  /// `theta_pre + sum_k w_k F_k tau_k / sum_k w_k F_k`, entry by entry.
  ///
  /// - Parameters:
  ///   - information: `F_k` and `w_k` of each row.
  ///   - floor: of `w_k F_k`, above 0.
  fileprivate func mean(
    weightedBy information: [(values: TaskVector, weight: Float)], floor: Float
  ) throws(MergingError) -> StateDict {
    var merged = base
    let vectors = information.map(\.values)
    let weights = information.map(\.weight)
    // Relative to the largest, so that no product underflows.
    let largest = weights.max()!
    try forEachPiece(of: [0..<layout.count], writing: &merged.values) {
      (_, range, target, scratch) throws(MergingError) in
      let (sum, total) = (FloatBuffer(zeros: range.count), FloatBuffer(zeros: range.count))
      let other = FloatBuffer(count: range.count).view
      for row in tasks.indices {
        WeightedSum.add(
          try values(ofRow: row, in: range, scratch: scratch),
          weights: try vectors[row].values(range, scratch: other), floor: floor / weights[row],
          scale: weights[row] / largest, to: sum.view, total: total.view)
      }
      WeightedSum.add(sum.readOnly, dividedBy: total.readOnly, to: target)
    }
    return merged
  }
}
