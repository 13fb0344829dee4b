internal import Foundation
internal import Kernels
internal import TensorCore

/// What the predictions on one task's images of a step look like together: the signs of a collapse
/// to one class, which a falling entropy alone hides.
struct PredictionTally: Sendable {
  let task: String
  private var count = 0
  private var entropySum = 0.0
  /// How often each class has the largest logit; the sums of the probabilities. Both by class.
  private var predictions: [Int]
  private var probabilities: [Double]

  /// - Parameters:
  ///   - logits: `[N, C]`.
  ///   - entropies: of the N rows, in nats.
  init(task: String, _ logits: Tensor, entropies: [Float]) {
    self.task = task
    predictions = Array(repeating: 0, count: logits.rowLength)
    probabilities = Array(repeating: 0, count: logits.rowLength)
    add(logits, entropies: entropies)
  }

  /// Adds another batch of the same task.
  mutating func add(_ logits: Tensor, entropies: [Float]) {
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
    entropySum += entropies.reduce(0.0) { $0 + Double($1) }
    count += logits.rowCount
  }

  var meanEntropy: Double { entropySum / Double(count) }

  var largestClassShare: Double { Double(predictions.max()!) / Double(count) }

  var meanPredictionEntropy: Double {
    probabilities.reduce(0) { sum, total in
      let mean = total / Double(count)
      return mean > 0 ? sum - mean * log(mean) : sum
    }
  }
}
