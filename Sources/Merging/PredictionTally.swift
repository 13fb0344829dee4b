internal import Foundation
internal import Kernels
internal import TensorCore

/// What the predictions on one task's images of a step look like together: the signs of a collapse
/// to one class, which a falling entropy alone hides.
struct PredictionTally: Sendable {
  let task: String
  /// The part of the step's loss.
  private(set) var loss = 0.0
  private(set) var entropySum = 0.0
  private var count = 0.0
  /// How often each class has the largest logit; the sums of the probabilities. Both by class.
  private var predictions: [Double]
  private var probabilities: [Double]

  /// A tally of no images.
  init(task: String, classes: Int) {
    self.task = task
    predictions = Array(repeating: 0, count: classes)
    probabilities = predictions
  }

  /// Adds a batch, or a part of one.
  ///
  /// - Parameters:
  ///   - logits: `[N, C]`.
  ///   - loss: what they add to the loss.
  ///   - entropies: of the N rows, in nats.
  mutating func add(_ logits: Tensor, loss: Double, entropies: [Float]) {
    let classes = predictions.count
    precondition(logits.rowLength == classes, "one head for each task")
    let values = SoftmaxEntropy.probabilities(of: logits).values
    for row in 0..<logits.rowCount {
      var best = row * classes
      for index in row * classes..<(row + 1) * classes {
        probabilities[index - row * classes] += Double(values[index])
        if logits.values[index] > logits.values[best] { best = index }
      }
      predictions[best - row * classes] += 1
    }
    self.loss += loss
    entropySum += entropies.reduce(0.0) { $0 + Double($1) }
    count += Double(logits.rowCount)
  }

  /// All of it in one list, as ranks add it up.
  var sums: [Double] {
    get { [loss, entropySum, count] + predictions + probabilities }
    set {
      precondition(newValue.count == sumCount, "sums of the same head")
      (loss, entropySum, count) = (newValue[0], newValue[1], newValue[2])
      predictions = Array(newValue[3..<3 + predictions.count])
      probabilities = Array(newValue.suffix(probabilities.count))
    }
  }

  /// How many `sums` there are.
  var sumCount: Int { 3 + predictions.count + probabilities.count }

  var meanEntropy: Double { entropySum / count }

  var largestClassShare: Double { predictions.max()! / count }

  var meanPredictionEntropy: Double {
    probabilities.reduce(0) { sum, total in
      let mean = total / count
      return mean > 0 ? sum - mean * log(mean) : sum
    }
  }
}
