internal import Foundation
public import TensorCore

/// The entropy of the softmax of logits `[N, C]`, `H = - sum_c p_c log p_c` in nats: what AdaMerging
/// minimizes. Computed in double precision.
public enum SoftmaxEntropy {
  public enum Formula: String, Sendable, CaseIterable {
    /// By log-softmax, as the official code.
    case logSoftmax
    /// `- sum_c p_c log(p_c + 1e-8)`, as FusionBench.
    case offsetLogarithm
  }

  /// The entropy of every row.
  public static func entropies(of logits: Tensor, formula: Formula = .logSoftmax) -> [Float] {
    perRow(logits) { row, _ in Float(entropy(Probabilities(row), formula)) }
  }

  /// The entropies, and the gradient `[N, C]` of `sum_i weights[i] H_i`; the mean over the batch has
  /// weights `1 / N`.
  public static func gradient(
    of logits: Tensor, weights: [Float], formula: Formula = .logSoftmax
  ) -> (entropies: [Float], gradient: Tensor) {
    precondition(weights.count == logits.rowCount, "a weight for each row")
    var gradient = Tensor(zeros: logits.shape)
    let entropies = perRow(logits) { row, index in
      let probabilities = Probabilities(row)
      let entropy = entropy(probabilities, formula)
      let weight = Double(weights[index])
      let start = index * row.count
      switch formula {
      case .logSoftmax:
        for c in row.indices {
          let (p, log) = (probabilities.values[c], probabilities.logarithms[c])
          gradient.values[start + c] = Float(-weight * p * (log + entropy))
        }
      case .offsetLogarithm:
        let slopes = probabilities.values.map { -(log($0 + offset) + $0 / ($0 + offset)) }
        let mean = zip(slopes, probabilities.values).reduce(0) { $0 + $1.0 * $1.1 }
        for c in row.indices {
          gradient.values[start + c] = Float(weight * probabilities.values[c] * (slopes[c] - mean))
        }
      }
      return Float(entropy)
    }
    return (entropies, gradient)
  }

  /// The softmax of every row, `[N, C]`.
  public static func probabilities(of logits: Tensor) -> Tensor {
    let rows = perRow(logits) { row, _ in Probabilities(row).values.map { Float($0) } }
    return Tensor(shape: logits.shape, values: rows.flatMap { $0 })
  }

  private static let offset = 1e-8

  private static func entropy(_ probabilities: Probabilities, _ formula: Formula) -> Double {
    var entropy = 0.0
    for c in probabilities.values.indices {
      let p = probabilities.values[c]
      entropy -= p * (formula == .logSoftmax ? probabilities.logarithms[c] : log(p + offset))
    }
    return entropy
  }
}

/// The cross-entropy of logits `[N, C]` with class labels, the targets smoothed as PyTorch does it:
/// `1 - smoothing` on the label and `smoothing / C` on every class.
public enum CrossEntropy {
  /// The loss of every row, and the gradient `[N, C]` of their mean.
  public static func gradient(
    of logits: Tensor, labels: [Int], smoothing: Float = 0
  ) -> (losses: [Float], gradient: Tensor) {
    precondition(labels.count == logits.rowCount, "a label for each row")
    precondition(smoothing >= 0 && smoothing <= 1, "smoothing is a share")
    var gradient = Tensor(zeros: logits.shape)
    let weight = 1 / Double(labels.count)
    let losses = perRow(logits) { row, index in
      precondition(row.indices.contains(labels[index]), "a label names a class")
      let probabilities = Probabilities(row)
      let share = Double(smoothing) / Double(row.count)
      var loss = 0.0
      for c in row.indices {
        let target = share + (c == labels[index] ? 1 - Double(smoothing) : 0)
        if target > 0 { loss -= target * probabilities.logarithms[c] }
        gradient.values[index * row.count + c] = Float(
          weight * (probabilities.values[c] - target))
      }
      return Float(loss)
    }
    return (losses, gradient)
  }
}

/// Softmax and log-softmax of one row.
private struct Probabilities {
  let values: [Double]
  let logarithms: [Double]

  init(_ logits: ArraySlice<Float>) {
    let largest = Double(logits.max()!)
    let total = logits.reduce(0.0) { $0 + exp(Double($1) - largest) }
    let logarithm = largest + log(total)
    logarithms = logits.map { Double($0) - logarithm }
    values = logarithms.map { exp($0) }
  }
}

/// The results of `body` for the rows of `logits`, whose indices it gets from 0.
private func perRow<Result>(
  _ logits: Tensor, _ body: (_ row: ArraySlice<Float>, _ index: Int) -> Result
) -> [Result] {
  precondition(logits.shape.rank == 2 && logits.shape[1] > 0, "logits are [N, C]")
  let length = logits.shape[1]
  return (0..<logits.shape[0]).map { index in
    var row = logits.values[index * length..<(index + 1) * length]
    row = ArraySlice(Array(row))
    return body(row, index)
  }
}
