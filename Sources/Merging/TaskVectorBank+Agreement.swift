internal import Checkpoints
internal import TensorCore

extension TaskVectorBank {
  /// Floats per parallel piece.
  private static let chunk = 1 << 15

  /// The vectors `Phi(tau_k)` of TIES (Yadav et al., NeurIPS 2023) before they are added up: each is
  /// trimmed to its largest entries over all tensors together, a sign is elected for each parameter,
  /// and each vector keeps its own entries that have the elected sign.
  ///
  /// The details are those of AdaMerging's official code: with P parameters the threshold is the
  /// magnitude of ascending rank `P - floor(P * density)`, and entries equal to it stay, too; the
  /// elected sign is that of the sum over the trimmed vectors; where that sum is 0, it is the sign
  /// that the majority of parameters elected.
  ///
  /// - Parameter density: the share of entries that trimming keeps, above 0 and up to 1.
  public func agreeing(density: Double) -> TaskVectorBank {
    precondition(density > 0 && density <= 1, "a share of the entries")
    let (count, taskCount) = (layout.count, tasks.count)
    guard count > 0, taskCount > 0 else { return self }
    let rank = count - Int(Double(count) * density)
    let vectors = vectors
    let thresholds = Parallel.map(taskCount) { task in
      rank == 0
        ? 0 : magnitude(ofRank: rank, vectors.span.extracting(task * count..<(task + 1) * count))
    }
    // The trimmed vectors' sums; their signs are the elected ones.
    var sums = [Float](repeating: 0, count: count)
    Parallel.forEachRows(of: &sums, rowLength: 1, chunk: Self.chunk) { range, sums in
      for task in 0..<taskCount {
        let threshold = thresholds[task]
        let start = task * count
        let vector = vectors.span.extracting(start + range.lowerBound..<start + range.upperBound)
        for index in vector.indices {
          let kept = vector[index].magnitude.bitPattern >= threshold
          sums[index] += kept ? vector[index] : 0
        }
      }
    }
    let balance = sums.reduce(0) { $0 + ($1 > 0 ? 1 : 0) - ($1 < 0 ? 1 : 0) }
    let zerosArePositive = balance > 0
    let elected = sums
    var selected = vectors
    Parallel.forEachRows(of: &selected, rowLength: 1, chunk: Self.chunk) { range, values in
      for index in values.indices {
        let (task, parameter) = (range.lowerBound + index).quotientAndRemainder(dividingBy: count)
        let (value, sum) = (values[index], elected[parameter])
        let isPositive = sum > 0 || (sum == 0 && zerosArePositive)
        let agrees = isPositive ? value > 0 : value < 0
        let kept = value.magnitude.bitPattern >= thresholds[task]
        values[index] = agrees && kept ? value : 0
      }
    }
    return replacing(vectors: selected)
  }
}

/// The bits of the magnitude of 1-based ascending `rank` among `values`. Bit patterns of magnitudes
/// sort as the magnitudes do, so two rounds of counting find it.
private func magnitude(ofRank rank: Int, _ values: Span<Float>) -> UInt32 {
  var high = [Int](repeating: 0, count: 1 << 16)
  for index in values.indices { high[Int(values[index].magnitude.bitPattern >> 15)] += 1 }
  var below = 0
  var top = 0
  while below + high[top] < rank {
    below += high[top]
    top += 1
  }
  var low = [Int](repeating: 0, count: 1 << 15)
  for index in values.indices {
    let bits = values[index].magnitude.bitPattern
    if Int(bits >> 15) == top { low[Int(bits & 0x7fff)] += 1 }
  }
  var bottom = 0
  while below + low[bottom] < rank {
    below += low[bottom]
    bottom += 1
  }
  return UInt32(top) << 15 | UInt32(bottom)
}
