package import Communication

/// How the batches of a step lie on the ranks, and in which passes they go through the encoder.
package struct BatchShares: Sendable, Equatable {
  /// How many images each batch has on all ranks.
  package let images: [Int]
  /// Runs of batches that go through the encoder together: as many as fit, on the rank that has most
  /// of them. The same on all ranks, which exchange sums in every pass.
  package let passes: [Range<Int>]

  /// - Parameters:
  ///   - own: how many images of each batch this rank has.
  ///   - imagesPerPass: the most that a rank takes in one pass; a larger batch is a pass of its own.
  package init(images own: [Int], imagesPerPass: Int, communicator: any Communicator) {
    // Rank after rank, its images of each batch.
    var counts = [Double](repeating: 0, count: communicator.size * own.count)
    for (index, count) in own.enumerated() {
      counts[communicator.rank * own.count + index] = Double(count)
    }
    communicator.sum(&counts)
    let ranks = (0..<communicator.size).map { rank in
      counts[rank * own.count..<(rank + 1) * own.count].map { Int($0) }
    }
    images = own.indices.map { index in ranks.reduce(0) { $0 + $1[index] } }
    var passes: [Range<Int>] = []
    var start = 0
    var taken = [Int](repeating: 0, count: ranks.count)
    for index in own.indices {
      let larger = zip(taken, ranks).map { $0 + $1[index] }
      if index > start, larger.max()! > imagesPerPass {
        passes.append(start..<index)
        start = index
        taken = ranks.map { $0[index] }
      } else {
        taken = larger
      }
    }
    self.passes = passes + [start..<own.count]
  }
}
