import Streams
import TensorCore
import Testing

@Suite("Test streams")
struct TestStreamTests {
  private let images = ImageDataset(
    name: "task",
    samples: (0..<10).map { Sample(id: SampleID("task/\($0).png"), path: "/\($0).png") })

  private func batches(_ stream: TestStream, _ count: Int) -> [[Int]] {
    var stream = stream
    return (0..<count).map { _ in stream.next().map(\.index) }
  }

  @Test("An epoch gives each image once, the next epoch in another order")
  func epochs() {
    let taken = batches(TestStream(of: images, batchSize: 4, seed: 7), 6)
    #expect(taken.map(\.count) == [4, 4, 2, 4, 4, 2])
    let (first, second) = (Array(taken[..<3].joined()), Array(taken[3...].joined()))
    #expect(first.sorted() == Array(0..<10))
    #expect(second.sorted() == Array(0..<10))
    #expect(first != second)
  }

  @Test("The paper's loader is shuffled anew for each step and gives only its first batches")
  func reshuffled() {
    let order = StreamOrder.reshuffledEachStep(batchesPerStep: 2)
    let taken = batches(TestStream(of: images, batchSize: 3, order: order, seed: 7), 200)
    #expect(taken.allSatisfy { $0.count == 3 })
    for step in 0..<100 {
      #expect(Set(taken[2 * step] + taken[2 * step + 1]).count == 6, "without replacement")
    }
    #expect(Set(taken.map { $0 }).count > 100, "steps are independent")
    #expect(Set(taken.joined()).count == 10, "every image comes at some time")
  }

  @Test("A data set smaller than a step's batches goes on with another pass")
  func small() {
    let order = StreamOrder.reshuffledEachStep(batchesPerStep: 2)
    let taken = batches(TestStream(of: images, batchSize: 16, order: order, seed: 1), 4)
    #expect(taken.allSatisfy { $0.sorted() == Array(0..<10) })
  }

  @Test("The order depends on seed and task, not on the domain or the batch size")
  func keys() {
    let clean = batches(TestStream(of: images, batchSize: 5, seed: 3), 4)
    let noisy = Domain(corruption: "gaussian_noise", severity: 3)
    #expect(batches(TestStream(of: images, domain: noisy, batchSize: 5, seed: 3), 4) == clean)
    #expect(
      Array(batches(TestStream(of: images, batchSize: 1, seed: 3), 20).joined())
        == Array(clean.joined()))
    #expect(batches(TestStream(of: images, batchSize: 5, seed: 4), 4) != clean)
    let other = ImageDataset(name: "other", samples: images.samples)
    #expect(batches(TestStream(of: other, batchSize: 5, seed: 3), 4) != clean)
  }

  @Test("A seed's order is what it was: results of other runs stay comparable")
  func pinned() {
    var stream = TestStream(of: images, batchSize: 10, seed: 0)
    #expect(stream.next().map(\.index) == [5, 9, 4, 3, 2, 8, 7, 1, 0, 6])
  }

  @Test("Items carry the sample and the domain; sequential streams keep the data set's order")
  func items() {
    let domain = Domain(corruption: "contrast", severity: 5)
    var stream = TestStream(of: images, domain: domain, batchSize: 4, order: .sequential, seed: 0)
    let batch = stream.next()
    #expect(batch.map(\.index) == [0, 1, 2, 3])
    #expect(batch.map(\.sample) == Array(images.samples[..<4]))
    #expect(batch.allSatisfy { $0.domain == domain })
    #expect((domain.description, Domain.clean.description) == ("contrast/5", "clean"))
  }

  @Test("What a stream gives holds no label: no property of an item or sample is one")
  func unlabeled() {
    var stream = TestStream(of: images, batchSize: 1, seed: 0)
    let item = stream.next()[0]
    #expect(Mirror(reflecting: item).children.map(\.label) == ["index", "sample", "domain"])
    #expect(Mirror(reflecting: item.sample).children.map(\.label) == ["id", "location"])
    let held = Set(Mirror(reflecting: stream).children.map { "\(type(of: $0.value))" })
    #expect(!held.contains("Labels") && !held.contains("LabeledImages"))
  }
}
