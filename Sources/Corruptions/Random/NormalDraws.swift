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
      for range in DrawChunks(values.count) {
        let draws = random.normals(range.count)
        var samples = values.mutableSpan
        for (offset, draw) in draws.enumerated() {
          samples[range.lowerBound + offset] = body(samples[range.lowerBound + offset], draw)
        }
      }
    }
  }
}
