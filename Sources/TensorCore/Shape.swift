/// The extents of a tensor, outermost first, in row-major order.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public let dimensions: [Int]

  public init(_ dimensions: [Int]) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "a dimension is never negative")
    self.dimensions = dimensions
  }

  public init(arrayLiteral elements: Int...) {
    self.init(elements)
  }

  /// The number of elements; 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }
  public var rank: Int { dimensions.count }

  public subscript(axis: Int) -> Int { dimensions[axis] }

  /// As papers and PyTorch write it: `[2, 3]`.
  public var description: String { "\(dimensions)" }
}
