internal import Foundation
internal import Kernels
public import TensorCore

/// What an adaptation minimises on one batch of one task: a function of its logits alone.
///
/// The images of a batch may be spread over ranks. What the loss then needs to know of all of them
/// are sums over images, which the ranks add up before each evaluates its own part.
public protocol AdaptationObjective: Sendable {
  /// The sums over the images of `logits` that `evaluate` needs; none if the loss is a mean over
  /// images. As many for every part of a batch, also for one without images.
  ///
  /// - Parameter logits: `[N, C]`, of a batch or a part of it.
  func sums(over logits: Tensor) -> [Double]

  /// - Parameters:
  ///   - logits: `[N, C]`, of `batch` or a part of it with at least one image.
  ///   - batch: what is known of the whole.
  /// - Returns: the loss, for a part its summand of the batch's; the softmax entropies of the rows;
  ///   the gradient `[N, C]` of the batch's loss.
  func evaluate(
    _ logits: Tensor, of batch: BatchTotals
  ) -> (loss: Double, entropies: [Float], gradient: Tensor)
}

/// What is known of a whole batch where a part of it is evaluated.
public struct BatchTotals: Sendable {
  /// How many images it has, at least 1.
  public let images: Int
  /// What `AdaptationObjective.sums` gives, added up over all parts.
  public let sums: [Double]

  public init(images: Int, sums: [Double]) {
    self.images = images
    self.sums = sums
  }
}

extension AdaptationObjective {
  /// The loss of a whole batch.
  public func evaluate(
    _ logits: Tensor
  ) -> (loss: Double, entropies: [Float], gradient: Tensor) {
    evaluate(logits, of: BatchTotals(images: logits.rowCount, sums: sums(over: logits)))
  }
}

/// The mean softmax entropy over the batch, AdaMerging's surrogate of the cross-entropy; if wanted,
/// over its reliable images alone, and less the entropy of the mean prediction.
public struct EntropyObjective: AdaptationObjective {
  public let logarithm: AdaMergingSettings.Logarithm
  /// Images count whose entropy is below this share of `ln C`; nil: all.
  public let threshold: Double?
  /// The weight of `- H(mean p)`.
  public let diversity: Double

  public init(
    logarithm: AdaMergingSettings.Logarithm = .exact, threshold: Double? = nil,
    diversity: Double = 0
  ) {
    self.logarithm = logarithm
    self.threshold = threshold
    self.diversity = diversity
  }

  /// The objective of an adaptation.
  public init(_ settings: AdaMergingSettings) {
    self.init(
      logarithm: settings.logarithm, threshold: settings.entropyThreshold,
      diversity: settings.diversity)
  }

  /// The number of reliable images, if a threshold says which are; the sum of the images'
  /// probabilities for each class, if diversity counts.
  public func sums(over logits: Tensor) -> [Double] {
    var sums: [Double] = []
    if let reliable = reliable(logits) { sums.append(Double(reliable.count { $0 })) }
    if diversity > 0 {
      let (classes, values) = (logits.shape[1], SoftmaxEntropy.probabilities(of: logits).values)
      var totals = [Double](repeating: 0, count: classes)
      for index in values.indices { totals[index % classes] += Double(values[index]) }
      sums += totals
    }
    return sums
  }

  public func evaluate(
    _ logits: Tensor, of batch: BatchTotals
  ) -> (loss: Double, entropies: [Float], gradient: Tensor) {
    let reliable = reliable(logits)
    let count = reliable == nil ? batch.images : Int(batch.sums[0])
    let share = 1 / Float(max(1, count))
    let weights =
      reliable?.map { $0 ? share : 0 } ?? Array(repeating: share, count: logits.rowCount)
    var (entropies, gradient) = SoftmaxEntropy.gradient(
      of: logits, weights: weights, formula: formula)
    var sum = 0.0
    // A NaN stays one, whatever the threshold makes of it.
    for (row, entropy) in entropies.enumerated() where reliable?[row] != false || entropy.isNaN {
      sum += Double(entropy)
    }
    var loss = sum / Double(max(1, count))
    if diversity > 0 {
      let totals = batch.sums.suffix(logits.rowLength)
      loss -= diversity * addDiversity(of: logits, totals, of: batch.images, to: &gradient)
    }
    return (loss, entropies, gradient)
  }

  private var formula: SoftmaxEntropy.Formula {
    logarithm == .exact ? .logSoftmax : .offsetLogarithm
  }

  /// Which rows count; nil: all.
  private func reliable(_ logits: Tensor) -> [Bool]? {
    threshold.map { share in
      let limit = share * log(Double(logits.shape[1]))
      return SoftmaxEntropy.entropies(of: logits, formula: formula).map { Double($0) < limit }
    }
  }

  /// Adds the gradient of `- diversity H(mean p)`.
  ///
  /// - Parameters:
  ///   - totals: the probabilities of each class, summed over the batch.
  ///   - images: how many the batch has.
  /// - Returns: the summand of these rows in the entropy `H(mean p)`, nats.
  private func addDiversity(
    of logits: Tensor, _ totals: some Sequence<Double>, of images: Int, to gradient: inout Tensor
  ) -> Double {
    let classes = logits.rowLength
    let probabilities = SoftmaxEntropy.probabilities(of: logits).values.map { Double($0) }
    // A class that no image has the least of has no part in any sum.
    let logarithms = totals.map { $0 > 0 ? log($0 / Double(images)) : 0 }
    var entropy = 0.0
    for row in 0..<logits.rowCount {
      let range = row * classes..<(row + 1) * classes
      let mean = zip(probabilities[range], logarithms).reduce(0) { $0 + $1.0 * $1.1 }
      entropy -= mean / Double(images)
      for index in range {
        gradient.values[index] += Float(
          diversity / Double(images) * probabilities[index]
            * (logarithms[index - range.lowerBound] - mean))
      }
    }
    return entropy
  }
}
