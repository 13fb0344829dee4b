import Merging
import TensorCore
import TestSupport
import Testing

@Suite("Passes over ranks")
struct BatchSharesTests {
  /// The passes and the batches' sizes that each rank finds.
  private func shares(_ images: [[Int]], imagesPerPass: Int) throws -> [BatchShares] {
    try ThreadCommunicator.run(images.count) { communicator in
      BatchShares(
        images: images[communicator.rank], imagesPerPass: imagesPerPass,
        communicator: communicator)
    }.map { try $0.get() }
  }

  @Test("The rank with most images says how many batches make a pass, and all agree")
  func passes() throws {
    let found = try shares([[4, 4, 4, 0], [0, 1, 2, 3]], imagesPerPass: 8)
    #expect(found[0] == found[1])
    #expect(found[0].images == [4, 5, 6, 3])
    #expect(found[0].passes == [0..<2, 2..<4])
  }

  @Test("Batches that fit one rank's pass go through together, however many all have")
  func together() throws {
    #expect(try shares([[4, 4], [4, 4], [4, 4]], imagesPerPass: 8)[2].passes == [0..<2])
  }

  @Test("A batch that is larger than a pass is one of its own")
  func large() throws {
    #expect(try shares([[1, 20, 1, 1]], imagesPerPass: 8)[0].passes == [0..<1, 1..<2, 2..<4])
  }
}
