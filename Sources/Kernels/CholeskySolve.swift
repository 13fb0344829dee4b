internal import CBLAS

/// Solves `A X = B` for symmetric positive definite matrices, by Cholesky's factorisation in blocks.
package enum CholeskySolve {
  /// Solves for several right sides at once, on one thread.
  ///
  /// - Parameters:
  ///   - matrix: `[n, n]`, row-major, of which the lower triangle counts; overwritten.
  ///   - rightSides: `count` of them, each of n numbers; overwritten by the solutions.
  /// - Returns: false if the matrix is not positive definite; the right sides are then lost.
  package static func solve(
    _ matrix: inout [Double], order n: Int, rightSides: inout [Double], count: Int
  ) -> Bool {
    precondition(matrix.count == n * n && rightSides.count == n * count, "n by n, n each")
    guard n > 0 && count > 0 else { return true }
    _ = singleThreaded
    guard unsafe matrix.withUnsafeMutableBufferPointer({ unsafe factor($0.baseAddress!, n) }) else {
      return false
    }
    unsafe matrix.withUnsafeBufferPointer { lower in
      unsafe rightSides.withUnsafeMutableBufferPointer { sides in
        // Rows are right sides: X L^T = B, then X L = B.
        unsafe cblas_dtrsm(
          CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, Int32(count), Int32(n),
          1,
          lower.baseAddress, Int32(n), sides.baseAddress, Int32(n))
        unsafe cblas_dtrsm(
          CblasRowMajor, CblasRight, CblasLower, CblasNoTrans, CblasNonUnit, Int32(count), Int32(n),
          1, lower.baseAddress, Int32(n), sides.baseAddress, Int32(n))
      }
    }
    return true
  }

  /// Set once, before the library is used.
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  private static let blockLength = 64

  /// `A = L L^T`: leaves L in the lower triangle.
  private static func factor(_ a: UnsafeMutablePointer<Double>, _ n: Int) -> Bool {
    for start in stride(from: 0, to: n, by: blockLength) {
      let end = min(n, start + blockLength)
      let corner = unsafe a + (start * n + start)
      guard unsafe factorBlock(corner, end - start, stride: n) else { return false }
      let below = n - end
      guard below > 0 else { return true }
      let panel = unsafe a + (end * n + start)
      unsafe cblas_dtrsm(
        CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, Int32(below),
        Int32(end - start), 1, corner, Int32(n), panel, Int32(n))
      unsafe cblas_dsyrk(
        CblasRowMajor, CblasLower, CblasNoTrans, Int32(below), Int32(end - start), -1, panel,
        Int32(n), 1, a + (end * n + end), Int32(n))
    }
    return true
  }

  private static func factorBlock(
    _ a: UnsafeMutablePointer<Double>, _ n: Int, stride: Int
  ) -> Bool {
    for row in 0..<n {
      for column in 0...row {
        var sum = unsafe a[row * stride + column]
        for k in 0..<column {
          unsafe sum -= a[row * stride + k] * a[column * stride + k]
        }
        if row == column {
          guard sum > 0, sum.isFinite else { return false }
          unsafe a[row * stride + row] = sum.squareRoot()
        } else {
          unsafe a[row * stride + column] = sum / a[column * stride + column]
        }
      }
    }
    return true
  }
}
