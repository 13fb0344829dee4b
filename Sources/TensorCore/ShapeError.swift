/// A tensor from outside that does not have the shape that an operation needs.
public enum ShapeError: Error, Equatable, CustomStringConvertible {
  case mismatch(operation: String, expected: Shape, got: Shape)

  public var description: String {
    switch self {
    case .mismatch(let operation, let expected, let got):
      "\(operation): expected shape \(expected), got \(got)"
    }
  }
}
