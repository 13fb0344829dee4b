internal import TensorCore

extension WorkingImage {
  /// Changes every sample as a double by a draw of its own.
  ///
  /// - Parameters:
  ///   - random: where the draws come from, in the order of the samples.
  ///   - body: gives the new sample from the old one and a standard normal draw.
  @inline(__always)
  mutating func modifyValues(
    normals random: inout some CorruptionRandom, _ body: (_ value: Double, _ draw: Double) -> Double
  ) {
    modifyValues { values in
      var draws = [Double](repeating: 0, count: min(values.count, DrawChunks.size))
      for range in DrawChunks(values.count) {
        draws.shorten(to: range.count)
        var drawn = draws.mutableSpan
        random.drawNormals(into: &drawn)
        var samples = values.mutableSpan
        for index in range {
          samples[index] = body(samples[index], drawn[index - range.lowerBound])
        }
      }
    }
  }
}
