internal import Checkpoints
internal import Streams
internal import TensorCore
internal import VisionModels

/// Outputs that are no numbers, which no metric is defined for.
extension UnitRunner {
  /// Refuses predictions of NaN or infinity, and says which layer made the first.
  ///
  /// - Parameters:
  ///   - images: all of the task.
  ///   - indices: of those that were predicted, in order; nil: all.
  /// - Throws: `nonFiniteOutputs`.
  func checkFinite(
    _ predictions: Predictions, method: String, task: String, images: PreparedImages,
    indices: [Int]?, parameters: StateDict
  ) throws(EvaluationError) {
    let rows = predictions.nonFiniteRows
    guard let first = rows.first else { return }
    let pixels = images.batch([indices?[first] ?? first])
    throw .nonFiniteOutputs(
      method: method, task: task, images: rows.count, of: predictions.count,
      layer: workbench.encoder.firstNonFiniteLayer(of: pixels, parameters: parameters))
  }
}

extension Predictions {
  /// The places of samples that have a logit which is NaN or infinite.
  var nonFiniteRows: [Int] {
    (0..<count).filter { row in
      !logits.values[row * classCount..<(row + 1) * classCount].allSatisfy(\.isFinite)
    }
  }
}
