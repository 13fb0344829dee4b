/// Where values are NaN or infinite.
package struct NonFiniteValues: Equatable, Sendable {
  /// How many are.
  package let count: Int
  /// The place of the first.
  package let first: Int

  /// Nil if all values are finite.
  package init?(among values: Span<Float>) {
    // x * 0 is 0 for finite x alone; a sum without branches vectorises.
    var sum: Float = 0
    for index in values.indices { sum += values[index] * 0 }
    guard sum != 0 else { return nil }
    let places = values.indices.filter { !values[$0].isFinite }
    guard let first = places.first else { return nil }
    self.first = first
    count = places.count
  }
}
