import Kernels
import TensorCore
import Testing

@Suite("Cholesky solve")
struct CholeskySolveTests {
  /// `x^T x` of random rows, and the right sides of known solutions.
  private func system(
    _ n: Int, rows: Int, count: Int
  ) -> (matrix: [Double], sides: [Double], solution: [Double]) {
    var random = KeyedRandom(seed: 1, "cholesky", "\(n)")
    let x = random.normals(rows * n)
    var matrix = [Double](repeating: 0, count: n * n)
    for row in 0..<rows {
      for i in 0..<n {
        for j in 0..<n { matrix[i * n + j] += x[row * n + i] * x[row * n + j] }
      }
    }
    let solution = random.normals(count * n)
    var sides = [Double](repeating: 0, count: count * n)
    for side in 0..<count {
      for i in 0..<n {
        for j in 0..<n { sides[side * n + i] += matrix[i * n + j] * solution[side * n + j] }
      }
    }
    return (matrix, sides, solution)
  }

  @Test(
    "Solutions that were put in come out, at sizes around a block", arguments: [1, 5, 64, 65, 150])
  func solutions(n: Int) {
    var (matrix, sides, solution) = system(n, rows: 3 * n + 3, count: 4)
    // The upper triangle does not count.
    for i in 0..<n { for j in i + 1..<max(i + 1, n) { matrix[i * n + j] = .nan } }
    #expect(CholeskySolve.solve(&matrix, order: n, rightSides: &sides, count: 4))
    for (found, expected) in zip(sides, solution) { #expect(abs(found - expected) < 1e-8) }
  }

  @Test("Matrices that are not positive definite are told", arguments: [0, -1, Double.nan])
  func indefinite(corner: Double) {
    var matrix = [1, 0, 0, corner]
    var sides = [1.0, 1]
    #expect(!CholeskySolve.solve(&matrix, order: 2, rightSides: &sides, count: 1))
  }
}
