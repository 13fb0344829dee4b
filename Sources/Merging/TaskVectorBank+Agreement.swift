internal import Checkpoints
internal import Kernels
internal import TensorCore

/// Which entries of task vectors TIES keeps: those at least as large as the vector's threshold that
/// have the elected sign.
struct Agreement: Sendable {
  /// The bits of the least magnitude that is kept, for each vector.
  let thresholds: [UInt32]
  /// 1 where the elected sign is positive, else 0; one for each parameter.
  let positives: [UInt8]

  /// Zeroes what is not kept of the values `range` of the vector of row `row`.
  func apply(
    toRow row: Int, _ values: FloatView, in range: Range<Int>, into kept: MutableFloatView
  ) {
    WeightedSum.agreement(
      of: values, positives: positives.span.extracting(range), threshold: thresholds[row],
      into: kept)
  }
}

extension TaskVectorBank {
  /// The vectors `Phi(tau_k)` of TIES (Yadav et al., NeurIPS 2023) before they are added up: each is
  /// trimmed to its largest entries over all tensors together, a sign is elected for each parameter,
  /// and each vector keeps its own entries that have the elected sign.
  ///
  /// The details are those of AdaMerging's official code: with P parameters the threshold is the
  /// magnitude of ascending rank `P - floor(P * density)`, and entries equal to it stay, too; the
  /// elected sign is that of the sum over the trimmed vectors; where that sum is 0, it is the sign
  /// that the majority of parameters elected.
  ///
  /// The vectors are not copied: a byte for each parameter says what is kept.
  ///
  /// - Parameter density: the share of entries that trimming keeps, above 0 and up to 1.
  /// - Throws: `noRoom`.
  public func agreeing(density: Double) throws(MergingError) -> TaskVectorBank {
    precondition(density > 0 && density <= 1, "a share of the entries")
    let count = layout.count
    guard count > 0, !tasks.isEmpty else { return self }
    let rank = count - Int(Double(count) * density)
    let thresholds = try Parallel.map(tasks.count) { (row) throws(MergingError) in
      rank == 0 ? 0 : try magnitude(ofRank: rank, row: row)
    }
    // The trimmed vectors' sums; their signs are the elected ones.
    var sums = [Float](repeating: 0, count: count)
    try forEachPiece(of: [0..<count], writing: &sums) {
      (_, range, sums, scratch) throws(MergingError) in
      for row in tasks.indices {
        let vector = try values(ofRow: row, in: range, scratch: scratch)
        WeightedSum.addTrimmed(vector, threshold: thresholds[row], to: sums)
      }
    }
    let balance = sums.reduce(0) { $0 + ($1 > 0 ? 1 : 0) - ($1 < 0 ? 1 : 0) }
    let zerosArePositive = balance > 0
    let positives = [UInt8](capacity: count) { output in
      for sum in sums { output.append(sum > 0 || (sum == 0 && zerosArePositive) ? 1 : 0) }
    }
    return keeping(Agreement(thresholds: thresholds, positives: positives))
  }

  /// The bits of the magnitude of 1-based ascending `rank` among the entries of a vector. Bit
  /// patterns of magnitudes sort as the magnitudes do, so two rounds of counting find it.
  private func magnitude(ofRank rank: Int, row: Int) throws(MergingError) -> UInt32 {
    var high = [Int](repeating: 0, count: 1 << 16)
    try forEachValue(ofRow: row) { high[Int($0 >> 15)] += 1 }
    var below = 0
    var top = 0
    while below + high[top] < rank {
      below += high[top]
      top += 1
    }
    var low = [Int](repeating: 0, count: 1 << 15)
    try forEachValue(ofRow: row) { bits in
      if Int(bits >> 15) == top { low[Int(bits & 0x7fff)] += 1 }
    }
    var bottom = 0
    while below + low[bottom] < rank {
      below += low[bottom]
      bottom += 1
    }
    return UInt32(top) << 15 | UInt32(bottom)
  }

  /// Calls `body` with the bits of the magnitude of every entry of a vector.
  @inline(__always)
  private func forEachValue(
    ofRow row: Int, _ body: (UInt32) -> Void
  ) throws(MergingError) {
    let length = 1 << 16
    let scratch = FloatBuffer(count: length).view
    for start in stride(from: 0, to: layout.count, by: length) {
      let range = start..<min(layout.count, start + length)
      let values = try values(ofRow: row, in: range, scratch: scratch)
      for index in 0..<values.count { body(unsafe values.start[index].magnitude.bitPattern) }
    }
  }
}
