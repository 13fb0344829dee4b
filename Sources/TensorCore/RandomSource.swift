/// Where random draws come from: the keyed counter-based generator by default, or a replay of
/// NumPy's streams where parity with published data is wanted.
///
/// Draws come in bulk, in the order in which a reference implementation takes them, so that a
/// source can replay that reference draw by draw.
public protocol RandomSource: Sendable {
  /// A double in [0, 1).
  mutating func uniform() -> Double
  /// Doubles in [0, 1), in draw order.
  mutating func drawUniforms(into values: inout MutableSpan<Double>)
  /// Draws of the standard normal distribution, in draw order.
  mutating func drawNormals(into values: inout MutableSpan<Double>)
  /// An integer in `range`, every value equally likely.
  mutating func integer(in range: Range<Int>) -> Int
}

extension RandomSource {
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// `count` doubles in [0, 1), in draw order.
  public mutating func uniforms(_ count: Int) -> [Double] {
    var values = [Double](repeating: 0, count: count)
    var span = values.mutableSpan
    drawUniforms(into: &span)
    return values
  }

  /// `count` draws of the standard normal distribution, in draw order.
  public mutating func normals(_ count: Int) -> [Double] {
    var values = [Double](repeating: 0, count: count)
    var span = values.mutableSpan
    drawNormals(into: &span)
    return values
  }

  public mutating func normal() -> Double { normals(1)[0] }

  /// A random permutation of `0..<count` (Fisher-Yates).
  ///
  /// - Parameter type: wide enough for `count`.
  public mutating func permutation<Place: FixedWidthInteger>(
    _ count: Int, of type: Place.Type = Int.self
  ) -> [Place] {
    var order = Array(0..<Place(count))
    guard count > 1 else { return order }
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(in: 0..<last + 1))
    }
    return order
  }
}
