/// A dense row-major tensor of 32-bit floats; the currency between images, models and merging.
public struct Tensor: Sendable, Equatable {
  public let shape: Shape
  /// `shape.count` values, last axis fastest.
  public var values: [Float] {
    didSet { precondition(values.count == shape.count, "a tensor keeps its shape") }
  }

  public init(shape: Shape, values: [Float]) {
    precondition(values.count == shape.count, "\(values.count) values for shape \(shape)")
    self.shape = shape
    self.values = values
  }

  public init(zeros shape: Shape) {
    self.init(shape: shape, values: [Float](repeating: 0, count: shape.count))
  }

  /// The number of rows, for a tensor seen as `[rows, everything else]`.
  public var rowCount: Int { shape.rank == 0 ? 1 : shape[0] }
  /// The number of elements of one row, for a tensor seen as `[rows, everything else]`.
  public var rowLength: Int { rowCount == 0 ? 0 : shape.count / rowCount }

  /// The rows `range` of the first axis, copied.
  public func rows(_ range: Range<Int>) -> Tensor {
    let length = rowLength
    return Tensor(
      shape: Shape([range.count] + shape.dimensions.dropFirst()),
      values: Array(values[range.lowerBound * length..<range.upperBound * length]))
  }

  /// The given tensors, of equal row shape, one below the other along the first axis.
  public static func concatenating(_ parts: [Tensor]) -> Tensor {
    precondition(!parts.isEmpty, "nothing to concatenate")
    let row = Array(parts[0].shape.dimensions.dropFirst())
    var values: [Float] = []
    values.reserveCapacity(parts.reduce(0) { $0 + $1.values.count })
    for part in parts {
      precondition(Array(part.shape.dimensions.dropFirst()) == row, "rows of one shape")
      values += part.values
    }
    return Tensor(shape: Shape([parts.reduce(0) { $0 + $1.rowCount }] + row), values: values)
  }
}
