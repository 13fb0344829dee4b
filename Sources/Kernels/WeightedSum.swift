internal import CKernels
internal import TensorCore

/// Merging as arithmetic: `theta = base + sum_k lambda_k tau_k` range by range, and its gradient.
///
/// `base` and the merged values hold P floats; `vectors` is the matrix K x P, one row after another;
/// `ranges` are L disjoint ranges of 0..<P (the parameter tensors), `coefficients` the matrix K x L.
public enum WeightedSum {
  /// The work is cut into pieces of this many floats.
  private static let pieceLength = 1 << 15

  /// Overwrites the `ranges` of `merged` with the weighted sums; other values stay.
  public static func merge(
    base: [Float], vectors: [Float], coefficients: [Float], ranges: [Range<Int>],
    into merged: inout [Float]
  ) {
    let count = base.count
    let vectorCount = check(vectors.count, count, coefficients.count, ranges)
    precondition(merged.count == count, "as many merged values as base values")
    guard count > 0 else { return }
    let pieces = pieces(of: ranges)
    unsafe merged.withUnsafeMutableBufferPointer { merged in
      let merged = unsafe MutableFloatView(merged)
      withViews(base, vectors) { base, vectors in
        Parallel.forEach(pieces.count) { index in
          let (row, range) = pieces[index]
          let weights = (0..<vectorCount).map { coefficients[$0 * ranges.count + row] }
          let vectorStart = unsafe vectors.start + (vectorCount > 0 ? range.lowerBound : 0)
          unsafe ck_weighted_sum(
            base[range].start, vectorStart, count, weights, vectorCount, range.count,
            merged[range].start)
        }
      }
    }
  }

  /// `dloss/dlambda[k, l] = <gradient_l, tau_kl>`, the matrix K x L, summed in double precision.
  public static func coefficientGradient(
    of gradient: [Float], vectors: [Float], ranges: [Range<Int>]
  ) -> [Float] {
    let count = gradient.count
    guard count > 0 else { return [] }
    precondition(vectors.count % count == 0, "whole vectors")
    let vectorCount = vectors.count / count
    let pieces = pieces(of: ranges)
    var sums = [Double](repeating: 0, count: vectorCount * ranges.count)
    let partial = withViews(gradient, vectors) { gradient, vectors in
      Parallel.map(pieces.count) { index in
        let range = pieces[index].range
        return (0..<vectorCount).map { k in
          unsafe ck_inner_product(
            gradient[range].start, vectors.start + (k * count + range.lowerBound), range.count)
        }
      }
    }
    for (piece, products) in zip(pieces, partial) {
      for k in 0..<vectorCount { sums[k * ranges.count + piece.row] += products[k] }
    }
    return sums.map { Float($0) }
  }

  private static func check(
    _ vectorValues: Int, _ count: Int, _ coefficientCount: Int, _ ranges: [Range<Int>]
  ) -> Int {
    precondition(count > 0 ? vectorValues % count == 0 : vectorValues == 0, "whole vectors")
    let vectorCount = count > 0 ? vectorValues / count : 0
    precondition(coefficientCount == vectorCount * ranges.count, "coefficients are K x L")
    return vectorCount
  }

  private static func pieces(of ranges: [Range<Int>]) -> [(row: Int, range: Range<Int>)] {
    var pieces: [(row: Int, range: Range<Int>)] = []
    for (row, range) in ranges.enumerated() {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: pieceLength) {
        pieces.append((row, start..<min(range.upperBound, start + pieceLength)))
      }
    }
    return pieces
  }

  private static func withViews<Result>(
    _ first: [Float], _ second: [Float], _ body: (FloatView, FloatView) -> Result
  ) -> Result {
    unsafe first.withUnsafeBufferPointer { first in
      unsafe second.withUnsafeBufferPointer { second in
        // An empty second array has no address of its own; nothing is read from it.
        let start = unsafe second.baseAddress ?? first.baseAddress!
        return body(unsafe FloatView(first), unsafe FloatView(start, count: second.count))
      }
    }
  }
}
