internal import TensorCore

extension LineBlur {
  /// The sums over a single plane of doubles, of its upper left `columns` x `rows` pixels.
  ///
  /// - Parameter plane: `[height, width]`; pixels beyond its edges repeat them.
  func sums(of plane: [Double], columns: Int, rows: Int) -> [Double] {
    precondition(plane.count == width * height && columns <= width && rows <= height)
    let left = max(0, -(taps.map(\.dx).min() ?? 0))
    let right = max(0, taps.map(\.dx).max() ?? 0)
    // Room for whole vectors at the end of each row.
    let vectors = (columns + 7) / 8
    let stride = left + max(width, 8 * vectors) + right
    let padded = widened(plane, left: left, stride: stride)
    var sums = [Double](repeating: 0, count: 8 * vectors * rows)
    unsafe padded.withUnsafeBufferPointer { source in
      unsafe sums.withUnsafeMutableBytes { target in
        for y in 0..<rows {
          let starts = taps.map { tap in
            min(max(y + tap.dy, 0), height - 1) * stride + left + tap.dx
          }
          for vector in 0..<vectors {
            var sum = SIMD8<Double>.zero
            for index in taps.indices {
              let place = unsafe source.baseAddress! + starts[index] + 8 * vector
              let value = unsafe UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Double>.self)
              sum += value * taps[index].weight
            }
            unsafe target.storeBytes(
              of: sum, toByteOffset: 64 * (y * vectors + vector), as: SIMD8<Double>.self)
          }
        }
      }
    }
    if columns == 8 * vectors { return sums }
    return (0..<rows).flatMap { y in sums[y * 8 * vectors..<y * 8 * vectors + columns] }
  }

  /// The rows with `left` pixels before them and as many after as fit the stride.
  private func widened(_ plane: [Double], left: Int, stride: Int) -> [Double] {
    [Double](capacity: stride * height) { output in
      let plane = plane.span
      for y in 0..<height {
        for place in 0..<stride {
          output.append(plane[y * width + min(max(place - left, 0), width - 1)])
        }
      }
    }
  }
}
