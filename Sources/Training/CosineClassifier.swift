internal import Foundation
public import TensorCore

/// A linear classifier on the unit sphere: `logits = scale * normalise(f) . normalise(W)^T`, with
/// the cross entropy and its gradients. What it learns becomes a `ClassificationHead`.
public struct CosineClassifier: Sendable {
  /// [C,E], rows of any length.
  public var weights: Tensor
  public let scale: Float

  public init(weights: Tensor, scale: Float) {
    precondition(weights.shape.rank == 2, "[classes, features]")
    self.weights = weights
    self.scale = scale
  }

  public var classCount: Int { weights.shape[0] }

  /// The weights with rows of length 1.
  public var normalizedWeights: Tensor {
    let width = weights.rowLength
    var values = weights.values
    for row in 0..<classCount {
      let range = row * width..<(row + 1) * width
      let inverse = 1 / Self.length(values[range])
      for index in range { values[index] *= inverse }
    }
    return Tensor(shape: weights.shape, values: values)
  }

  /// The loss of a batch and what follows from it.
  public struct Outcome: Sendable {
    /// The mean cross entropy (natural logarithm) over the batch.
    public let loss: Double
    /// How many rows have their largest logit at their label.
    public let correctCount: Int
    /// [N,E]
    public let featureGradient: Tensor
    /// [C,E], with respect to the rows as they are stored.
    public let weightGradient: Tensor
  }

  /// The mean cross entropy of `features` [N,E] against `labels`, with a share `labelSmoothing` of
  /// the target spread evenly over all classes.
  public func evaluate(
    features: Tensor, labels: [Int], labelSmoothing: Float = 0
  ) -> Outcome {
    let count = features.shape[0]
    let width = features.shape[1]
    precondition(width == weights.shape[1] && labels.count == count, "features [N,E], N labels")
    let directions = normalizedWeights.values
    var featureGradient = [Float](repeating: 0, count: count * width)
    var weightGradient = [Float](repeating: 0, count: classCount * width)
    var loss = 0.0
    var correctCount = 0
    var logits = [Float](repeating: 0, count: classCount)
    let share = 1 / Float(count)
    let smooth = labelSmoothing / Float(classCount)
    for (row, target) in labels.enumerated() {
      let start = row * width
      let feature = features.values[start..<start + width]
      let inverse = 1 / Self.length(feature)
      let unit = feature.map { $0 * inverse }
      for label in 0..<classCount {
        var sum: Float = 0
        for index in 0..<width { sum += unit[index] * directions[label * width + index] }
        logits[label] = scale * sum
      }
      let (probabilities, logarithm) = Self.softmax(logits)
      correctCount += logits.firstIndex(of: logits.max()!) == target ? 1 : 0
      for label in 0..<classCount {
        let wanted = smooth + (label == target ? 1 - labelSmoothing : 0)
        loss += Double(wanted * (logarithm - logits[label]))
        let slope = (probabilities[label] - wanted) * share * scale
        for index in 0..<width {
          featureGradient[start + index] += slope * directions[label * width + index]
          weightGradient[label * width + index] += slope * unit[index]
        }
      }
      Self.project(&featureGradient, from: start, along: unit[...], factor: inverse)
    }
    for label in 0..<classCount {
      let range = label * width..<(label + 1) * width
      Self.project(
        &weightGradient, from: label * width, along: directions[range],
        factor: 1 / Self.length(weights.values[range]))
    }
    return Outcome(
      loss: loss / Double(count), correctCount: correctCount,
      featureGradient: Tensor(shape: features.shape, values: featureGradient),
      weightGradient: Tensor(shape: weights.shape, values: weightGradient))
  }

  /// The mean of each class's normalised features: where a linear probe starts.
  public static func classMeans(
    features: Tensor, labels: [Int], classCount: Int, scale: Float
  ) -> CosineClassifier {
    let width = features.rowLength
    var sums = [Float](repeating: 0, count: classCount * width)
    for (row, label) in labels.enumerated() {
      let feature = features.values[row * width..<(row + 1) * width]
      let inverse = 1 / length(feature)
      for (index, value) in feature.enumerated() { sums[label * width + index] += value * inverse }
    }
    let means = Tensor(shape: [classCount, width], values: sums)
    let units = CosineClassifier(weights: means, scale: scale).normalizedWeights
    return CosineClassifier(weights: units, scale: scale)
  }

  /// The backward of `v / |v|`: removes what points along the unit vector, then divides by the
  /// length.
  private static func project(
    _ gradient: inout [Float], from start: Int, along unit: ArraySlice<Float>, factor: Float
  ) {
    var dot: Float = 0
    for (index, value) in unit.enumerated() { dot += gradient[start + index] * value }
    for (index, value) in unit.enumerated() {
      gradient[start + index] = (gradient[start + index] - dot * value) * factor
    }
  }

  /// The length of a vector; of a vanishing one a tiny number, so that no quotient is infinite.
  private static func length(_ vector: ArraySlice<Float>) -> Float {
    var sum: Float = 0
    for value in vector { sum += value * value }
    return max(1e-12, sum.squareRoot())
  }

  private static func softmax(
    _ logits: [Float]
  ) -> (probabilities: [Float], logSumExp: Float) {
    let largest = logits.max()!
    let powers = logits.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return (powers.map { $0 / sum }, largest + log(sum))
  }
}
