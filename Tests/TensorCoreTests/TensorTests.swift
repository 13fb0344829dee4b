import TensorCore
import Testing

@Suite("Tensors")
struct TensorTests {
  @Test("Rows are runs of the first axis")
  func rows() {
    let tensor = Tensor(shape: [3, 2], values: [1, 2, 3, 4, 5, 6])
    #expect(tensor.rowCount == 3)
    #expect(tensor.rowLength == 2)
    #expect(tensor.rows(1..<3) == Tensor(shape: [2, 2], values: [3, 4, 5, 6]))
    #expect(Tensor.concatenating([tensor.rows(0..<1), tensor.rows(1..<3)]) == tensor)
  }

  @Test("A shape counts its elements; a scalar has one")
  func shapes() {
    #expect(Shape([2, 3, 4]).count == 24)
    #expect(Shape([]).count == 1)
    #expect(Shape([2, 0]).count == 0)
    #expect(
      "\(ShapeError.mismatch(operation: "head", expected: [3, 4], got: [4]))"
        == "head: expected shape [3, 4], got [4]")
  }
}

@Suite("Parallel loops", .serialized)
struct ParallelTests {
  struct Odd: Error, Equatable { let index: Int }

  @Test("Every row is visited once, in chunks that do not depend on the thread count")
  func rows() {
    for threads in [1, 2, 5] {
      Parallel.threadCount = threads
      var values = [Int32](repeating: 0, count: 21)
      Parallel.forEachRows(of: &values, rowLength: 3, chunk: 2) { rows, span in
        #expect(rows.lowerBound % 2 == 0 && span.count == rows.count * 3)
        for index in span.indices { span[index] += Int32(rows.lowerBound) }
      }
      #expect(values == [0, 0, 2, 2, 4, 4, 6].flatMap { [Int32](repeating: $0, count: 3) })
    }
  }

  @Test("A map keeps the order, and throws the error of the lowest index")
  func map() throws {
    #expect(Parallel.map(5) { $0 * $0 } == [0, 1, 4, 9, 16])
    #expect(throws: Odd(index: 1)) {
      try Parallel.map(8) { index throws(Odd) in
        if index % 2 == 1 { throw Odd(index: index) }
        return index
      }
    }
    #expect(Parallel.map(0) { $0 }.isEmpty)
  }
}
