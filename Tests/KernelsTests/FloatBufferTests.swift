import Kernels
import TensorCore
import Testing

@Suite("Float buffers")
struct FloatBufferTests {
  @Test("A view keeps its memory alive when the buffer's name is gone")
  func lifetime() {
    let views = (0..<20).map { FloatBuffer(copying: [Float($0), Float(-$0)]).view[1..<2] }
    let other = FloatBuffer(copying: [9, 9])
    for (index, view) in views.enumerated() {
      other.view[0..<1].copy(view.readOnly)
      #expect(other.values == [Float(-index), 9])
    }
  }

  @Test("Threads that take and give back never share memory")
  func threads() {
    let sums = Parallel.map(400) { index in
      let buffer = FloatBuffer(count: 1000 + index % 7)
      buffer.view.fill(Float(index))
      return buffer.values.allSatisfy { $0 == Float(index) }
    }
    #expect(sums.allSatisfy { $0 })
  }

  @Test("Slices, rows and copies")
  func slices() {
    let buffer = FloatBuffer(copying: [1, 2, 3, 4, 5, 6])
    buffer.view.rows(1..<2, of: 2).fill(0)
    buffer.view[4..<6].copy(buffer.readOnly[0..<2])
    #expect(buffer.values == [1, 2, 0, 0, 1, 2])
    #expect(FloatBuffer(zeros: 3).values == [0, 0, 0])
    #expect(FloatBuffer(count: 0).values.isEmpty)
  }
}
