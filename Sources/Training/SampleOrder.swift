internal import TensorCore

/// A task's endless sequence of shuffled epochs over all or some of its training images, the same
/// for the same key wherever one enters it.
package struct SampleOrder: Sendable {
  private let seed: UInt64
  private let path: [String]
  /// The images that are used.
  package let subset: [Int]

  /// - Parameters:
  ///   - labels: of all images there are.
  ///   - used: how many of them are chosen, as evenly over the classes as can be; 0 for all.
  package init(seed: UInt64, stage: String, task: String, labels: [Int], used: Int) {
    self.seed = seed
    path = [stage, task]
    if used == 0 || used >= labels.count {
      subset = Array(labels.indices)
    } else {
      var random = KeyedRandom(seed: seed, path: path + ["subset"])
      var taken = [Int](repeating: 0, count: (labels.max() ?? 0) + 1)
      let ranked = random.permutation(labels.count).map { index in
        defer { taken[labels[index]] += 1 }
        return (rank: taken[labels[index]], index: index)
      }
      // The first of every class, then the second of every class, and so on.
      let ordered = ranked.enumerated().sorted { first, second in
        (first.element.rank, first.offset) < (second.element.rank, second.offset)
      }
      subset = ordered[..<used].map(\.element.index).sorted()
    }
  }

  /// The images at places `start..<start + count` of the sequence.
  package func indices(from start: Int, count: Int) -> [Int] {
    var epoch = -1
    var order: [Int] = []
    return (start..<start + count).map { place in
      if place / subset.count != epoch {
        epoch = place / subset.count
        var random = KeyedRandom(seed: seed, path: path + ["epoch", "\(epoch)"])
        order = random.permutation(subset.count)
      }
      return subset[order[place % subset.count]]
    }
  }
}
