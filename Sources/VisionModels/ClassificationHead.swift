internal import Kernels
public import TensorCore

/// A frozen classifier on features: `logits = logitScale * normalise(f) . W^T`, where the rows of W
/// are L2-normalised class embeddings; or a linear layer, without normalising and with a bias.
public struct ClassificationHead: Sendable, Equatable {
  public let classNames: [String]
  /// Whether `classNames` came with the weights; else they are the rows' numbers, from 0.
  public let hasClassNames: Bool
  /// `[C, E]`, one row for each class.
  public let weights: Tensor
  public let logitScale: Float
  /// Added to the logits, `C` values; nil: nothing.
  public let bias: [Float]?
  /// Whether features are divided by their lengths first.
  public let normalizesFeatures: Bool

  /// - Parameter classNames: nil for weights whose classes are not known.
  public init(
    classNames: [String]?, weights: Tensor, logitScale: Float = 100, bias: [Float]? = nil,
    normalizesFeatures: Bool = true
  ) {
    precondition(weights.shape.rank == 2 && weights.shape.count > 0, "a matrix of weights")
    let names = classNames ?? (0..<weights.shape[0]).map(String.init)
    precondition(weights.shape[0] == names.count, "one row of weights for each class")
    precondition(bias == nil || bias?.count == names.count, "one bias for each class")
    precondition(logitScale > 0, "a positive scale")
    self.classNames = names
    hasClassNames = classNames != nil
    self.weights = weights
    self.logitScale = logitScale
    self.bias = bias
    self.normalizesFeatures = normalizesFeatures
  }

  public var classCount: Int { weights.shape[0] }
  public var embeddingWidth: Int { weights.shape[1] }

  /// The same head with names for its classes, in the order of its rows.
  public func named(_ classNames: [String]) -> ClassificationHead {
    ClassificationHead(
      classNames: classNames, weights: weights, logitScale: logitScale, bias: bias,
      normalizesFeatures: normalizesFeatures)
  }

  /// The logits `[N, C]` of `features` `[N, E]`.
  public func logits(of features: Tensor) -> Tensor {
    let rows = normalizesFeatures ? unit(features).rows : checked(features).values
    var logits = product(rows, rows: features.rowCount, transposed: true)
    if let bias {
      for index in logits.values.indices { logits.values[index] += bias[index % classCount] }
    }
    return logits
  }

  /// The gradient `[N, E]` of the features, given that of the logits, `[N, C]`.
  public func featureGradient(of logitGradient: Tensor, features: Tensor) -> Tensor {
    let count = features.rowCount
    precondition(logitGradient.shape == [count, classCount], "one row for each feature")
    var gradient = product(logitGradient.values, rows: count, transposed: false)
    guard normalizesFeatures else { return gradient }
    let (unit, lengths) = unit(features)
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
    var rows = checked(features).values
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

  private func checked(_ features: Tensor) -> Tensor {
    precondition(
      features.shape == [features.rowCount, embeddingWidth], "features are [N, \(embeddingWidth)]")
    return features
  }
}
