import Kernels
import TensorCore
import Testing

@Suite("Weighted sum")
struct WeightedSumTests {
  @Test(
    "Sums, differences and inner products of runs of any length", arguments: [1, 7, 8, 33, 1000])
  func runs(count: Int) {
    let (x, y) = (normals(count, "x"), normals(count, "y"))
    let (xs, ys) = (FloatBuffer(copying: x), FloatBuffer(copying: y))
    let sum = FloatBuffer(copying: y)
    WeightedSum.add(xs.readOnly, times: 0.3, to: sum.view)
    #expect(sum.values == zip(x, y).map { $1 + 0.3 * $0 })
    WeightedSum.difference(of: sum.readOnly, from: ys.readOnly, into: sum.view)
    #expect(sum.values == zip(x, y).map { ($1 + 0.3 * $0) - $1 })
    let product = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let got = WeightedSum.innerProduct(xs.readOnly, ys.readOnly)
    #expect(abs(got - product) <= 1e-12 * Double(count))
  }

  @Test("Trimmed sums take the entries from a magnitude up; agreement those of a sign, too")
  func trimming() {
    let x = FloatBuffer(copying: [3, -3, 2, -2, 0, -0.0, 1, -7, 4, -4])
    let threshold = Float(2).bitPattern
    let sum = FloatBuffer(copying: [Float](repeating: 1, count: 10))
    WeightedSum.addTrimmed(x.readOnly, threshold: threshold, to: sum.view)
    #expect(sum.values == [4, -2, 3, -1, 1, 1, 1, -6, 5, -3])
    let positives: [UInt8] = [1, 1, 0, 0, 1, 0, 1, 0, 0, 1]
    let kept = FloatBuffer(count: 10)
    WeightedSum.agreement(
      of: x.readOnly, positives: positives.span, threshold: threshold, into: kept.view)
    #expect(kept.values == [3, 0, 0, -2, 0, 0, 0, -7, 0, 0])
    // In place.
    WeightedSum.agreement(
      of: x.readOnly, positives: positives.span, threshold: 0, into: x.view)
    #expect(x.values == [3, 0, 0, -2, 0, 0, 1, -7, 0, 0])
  }
}
