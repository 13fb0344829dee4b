import Kernels
import TensorCore
import Testing

@Suite("Weighted sum")
struct WeightedSumTests {
  @Test("Merging and its gradient, over ragged ranges and many vectors", arguments: [0, 1, 3, 8])
  func merge(vectorCount: Int) {
    // More than two of the pieces that the work is cut into, and values that no range covers.
    let count = 80_000
    let ranges = [0..<1, 1..<9, 10..<43, 50..<70_000, 70_000..<79_999]
    let base = normals(count, "base")
    let vectors = normals(vectorCount * count, "vectors")
    let coefficients = normals(vectorCount * ranges.count, "coefficients")
    var merged = [Float](repeating: 5, count: count)
    WeightedSum.merge(
      base: base, vectors: vectors, coefficients: coefficients, ranges: ranges, into: &merged)
    var expected = [Double](repeating: 5, count: count)
    for (row, range) in ranges.enumerated() {
      for i in range {
        expected[i] = (0..<vectorCount).reduce(Double(base[i])) {
          $0 + Double(coefficients[$1 * ranges.count + row]) * Double(vectors[$1 * count + i])
        }
      }
    }
    #expect(relativeError(merged, expected) < 1e-6)
    #expect(merged[9] == 5 && merged[79_999] == 5)

    let gradient = WeightedSum.coefficientGradient(of: base, vectors: vectors, ranges: ranges)
    let products = (0..<vectorCount).flatMap { k in
      ranges.map { range in
        range.reduce(0.0) { $0 + Double(base[$1]) * Double(vectors[k * count + $1]) }
      }
    }
    #expect(relativeError(gradient, products) < 1e-6)
  }

  @Test("The number of threads changes no bit")
  func threads() {
    let (base, vectors) = (normals(100_000, "base"), normals(300_000, "vectors"))
    let outcomes = [1, 2, 5].map { threads in
      Parallel.threadCount = threads
      var merged = base
      WeightedSum.merge(
        base: base, vectors: vectors, coefficients: [0.1, 0.2, 0.3], ranges: [0..<100_000],
        into: &merged)
      return merged
        + WeightedSum.coefficientGradient(of: base, vectors: vectors, ranges: [0..<100_000])
    }
    #expect(outcomes[0] == outcomes[1] && outcomes[0] == outcomes[2])
  }
}
