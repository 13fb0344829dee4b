import Foundation
import Kernels
import Testing

@Suite("Softmax")
struct SoftmaxTests {
  private static func softmax(_ x: ArraySlice<Float>, _ scale: Double) -> [Double] {
    let largest = Double(x.max()!)
    let powers = x.map { exp((Double($0) - largest) * scale) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  @Test("Forward equals the formula", arguments: raggedLengths)
  func forward(width: Int) {
    let x = normals(4 * width, "x").map { $0 * 5 }
    let buffer = FloatBuffer(copying: x)
    Softmax.forward(buffer.view, scale: 0.3, rows: 4, width: width)
    let expected = (0..<4).flatMap { Self.softmax(x[$0 * width..<($0 + 1) * width], 0.3) }
    #expect(relativeError(buffer.values, expected) < 1e-6)
  }

  @Test("Scores of any size give probabilities")
  func largeScores() {
    let buffer = FloatBuffer(copying: [3e8, -3e8, 0, 3e8, -1e30, -1e30, -1e30, -1e30, 1e30, 0])
    Softmax.forward(buffer.view, scale: 1, rows: 2, width: 5)
    #expect(buffer.values[0] == 0.5 && buffer.values[3] == 0.5 && buffer.values[8] == 1)
    #expect(buffer.values.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test("Not a number stays visible")
  func notANumber() {
    let buffer = FloatBuffer(copying: [1, .nan, 2])
    Softmax.forward(buffer.view, scale: 1, rows: 1, width: 3)
    #expect(buffer.values.contains { $0.isNaN })
  }

  @Test("Backward equals the formula", arguments: raggedLengths)
  func backward(width: Int) {
    let p = (0..<3).flatMap { row in
      Self.softmax(normals(3 * width, "p")[row * width..<(row + 1) * width], 1)
    }
    let dp = normals(3 * width, "dp")
    var expected: [Double] = []
    for row in 0..<3 {
      let range = row * width..<(row + 1) * width
      let mean = range.reduce(0) { $0 + p[$1] * Double(dp[$1]) }
      expected += range.map { 0.5 * p[$0] * (Double(dp[$0]) - mean) }
    }
    let buffer = FloatBuffer(copying: dp)
    Softmax.backward(
      FloatBuffer(copying: p.map { Float($0) }).readOnly, buffer.view, scale: 0.5, rows: 3,
      width: width)
    #expect(width == 1 || relativeError(buffer.values, expected) < 2e-6)
    #expect(width > 1 || buffer.values.allSatisfy { $0 == 0 })
  }
}
