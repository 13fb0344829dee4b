internal import TensorCore

/// A task's endless sequence of shuffled epochs over all or some of its training images, the same
/// for the same key wherever one enters it.
struct SampleOrder: Sendable {
  private let seed: UInt64
  private let path: [String]
  /// The images that are used.
  let subset: [Int]

  /// - Parameters:
  ///   - available: how many images there are.
  ///   - used: how many of them are chosen; 0 for all.
  init(seed: UInt64, stage: String, task: String, available: Int, used: Int) {
    self.seed = seed
    path = [stage, task]
    if used == 0 || used >= available {
      subset = Array(0..<available)
    } else {
      var random = KeyedRandom(seed: seed, path: path + ["subset"])
      subset = random.permutation(available)[..<used].sorted()
    }
  }

  /// The images at places `start..<start + count` of the sequence.
  func indices(from start: Int, count: Int) -> [Int] {
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
