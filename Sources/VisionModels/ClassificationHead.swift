internal import Kernels
public import TensorCore

/// A frozen classifier on features: `logits = logitScale * normalise(f) . W^T`, where the rows of W
/// are L2-normalised class embeddings.
public struct ClassificationHead: Sendable, Equatable {
  public let classNames: [String]
  /// `[C, E]`, one row for each class.
  public let weights: Tensor
  public let logitScale: Float

  public init(classNames: [String], weights: Tensor, logitScale: Float = 100) {
    precondition(
      weights.shape.rank == 2 && weights.shape[0] == classNames.count && !classNames.isEmpty,
      "one row of weights for each class")
    precondition(logitScale > 0, "a positive scale")
    self.classNames = classNames
    self.weights = weights
    self.logitScale = logitScale
  }

  public var classCount: Int { weights.shape[0] }
  public var embeddingWidth: Int { weights.shape[1] }

  /// The logits `[N, C]` of `features` `[N, E]`.
  public func logits(of features: Tensor) -> Tensor {
    product(unit(features).rows, rows: features.rowCount, transposed: true)
  }

  /// The gradient `[N, E]` of the features, given that of the logits, `[N, C]`.
  public func featureGradient(of logitGradient: Tensor, features: Tensor) -> Tensor {
    let count = features.rowCount
    precondition(logitGradient.shape == [count, classCount], "one row for each feature")
    let (unit, lengths) = unit(features)
    var gradient = product(logitGradient.values, rows: count, transposed: false)
    let width = embeddingWidth
    for row in 0..<count {
      // d(f/|f|) is the part of the gradient across f, over |f|.
      let range = row * width..<(row + 1) * width
      var along = 0.0
      for i in range { along += Double(gradient.values[i]) * Double(unit[i]) }
      for i in range {
        gradient.values[i] = (gradient.values[i] - Float(along) * unit[i]) / lengths[row]
      }
    }
    return gradient
  }

  /// Rows times the scaled weights, transposed or not.
  private func product(_ values: [Float], rows: Int, transposed: Bool) -> Tensor {
    let (inner, outer) =
      transposed ? (embeddingWidth, classCount) : (classCount, embeddingWidth)
    var result = Tensor(zeros: [rows, outer])
    guard rows > 0 else { return result }
    unsafe values.withUnsafeBufferPointer { values in
      unsafe weights.values.withUnsafeBufferPointer { weights in
        unsafe result.values.withUnsafeMutableBufferPointer { result in
          MatMul.multiply(
            .init(unsafe FloatView(values), stride: inner),
            .init(unsafe FloatView(weights), stride: embeddingWidth, transposed: transposed),
            rows: rows, columns: outer, inner: inner, into: unsafe MutableFloatView(result),
            stride: outer, scale: logitScale)
        }
      }
    }
    return result
  }

  /// The features over their lengths, and the lengths.
  private func unit(_ features: Tensor) -> (rows: [Float], lengths: [Float]) {
    let width = embeddingWidth
    precondition(features.shape == [features.rowCount, width], "features are [N, \(width)]")
    var rows = features.values
    let lengths = (0..<features.rowCount).map { row -> Float in
      let range = row * width..<(row + 1) * width
      var squares = 0.0
      for i in range { squares += Double(rows[i]) * Double(rows[i]) }
      let length = Float(max(squares.squareRoot(), 1e-12))
      for i in range { rows[i] /= length }
      return length
    }
    return (rows, lengths)
  }
}
