import Testing
import Training

@Suite("Order of training samples")
struct SampleOrderTests {
  /// 30 images of class 0, 6 of class 1, 4 of class 2.
  private let labels =
    [Int](repeating: 0, count: 30) + [Int](repeating: 1, count: 6) + [Int](repeating: 2, count: 4)

  private func order(used: Int, seed: UInt64 = 3) -> SampleOrder {
    SampleOrder(seed: seed, stage: "heads", task: "digits", labels: labels, used: used)
  }

  @Test("Few images are chosen evenly over the classes, however uneven these are")
  func evenSubset() {
    for (used, expected) in [(3, [1, 1, 1]), (9, [3, 3, 3]), (20, [10, 6, 4])] {
      let subset = order(used: used).subset
      let counts = (0..<3).map { label in subset.count { labels[$0] == label } }
      #expect(Set(subset).count == used)
      #expect(counts == expected)
    }
  }

  @Test("The seed chooses; without a number all images are used")
  func seeds() {
    #expect(order(used: 6).subset == order(used: 6).subset)
    #expect(order(used: 6).subset != order(used: 6, seed: 4).subset)
    #expect(order(used: 0).subset == Array(0..<40))
    #expect(order(used: 50).subset == Array(0..<40))
  }

  @Test("An epoch holds every chosen image once, and can be entered anywhere")
  func epochs() {
    let order = order(used: 8)
    let sequence = order.indices(from: 0, count: 24)
    for epoch in 0..<3 {
      #expect(sequence[8 * epoch..<8 * epoch + 8].sorted() == order.subset)
    }
    #expect(order.indices(from: 13, count: 5) == Array(sequence[13..<18]))
  }
}
