/// A weighted sum of shifted copies of an image; pixels beyond the edge repeat it.
struct LineBlur {
  struct Tap {
    /// Where the sample stands, seen from the pixel that it adds to.
    let dx, dy: Int
    let weight: Double
  }

  let taps: [Tap]
  let width: Int
  let height: Int

  init(_ taps: [Tap], width: Int, height: Int) {
    self.taps = taps
    self.width = width
    self.height = height
  }

  /// Replaces 8-bit RGB samples by `bytes` of their sums (on the scale 0...255), the taps added in
  /// their order.
  @inline(__always)
  func apply(to samples: inout [UInt8], bytes: (SIMD8<Double>) -> SIMD8<UInt8>) {
    guard !samples.isEmpty else { return }
    let left = max(0, -(taps.map(\.dx).min() ?? 0))
    let right = max(0, taps.map(\.dx).max() ?? 0)
    // Room for whole vectors at the end of each row.
    let rowLength = 3 * width
    let vectors = (rowLength + 7) / 8
    let stride = 3 * (left + right) + 8 * vectors
    let padded = padding(samples, left: left, stride: stride)
    var line = [UInt8](repeating: 0, count: 8 * vectors)
    unsafe padded.withUnsafeBufferPointer { source in
      for y in 0..<height {
        let starts = taps.map { tap in
          min(max(y + tap.dy, 0), height - 1) * stride + 3 * (left + tap.dx)
        }
        for vector in 0..<vectors {
          var sum = SIMD8<Double>.zero
          for index in taps.indices {
            let place = unsafe source.baseAddress! + starts[index] + 8 * vector
            let value = unsafe UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Double>.self)
            sum += value * taps[index].weight
          }
          let result = bytes(sum)
          for lane in 0..<8 { line[8 * vector + lane] = result[lane] }
        }
        samples.replaceSubrange(y * rowLength..<(y + 1) * rowLength, with: line[..<rowLength])
      }
    }
  }

  /// The rows as doubles, with `left` pixels before them and as many after as fit the stride.
  private func padding(_ samples: [UInt8], left: Int, stride: Int) -> [Double] {
    let rowLength = 3 * width
    var padded = [Double](repeating: 0, count: stride * height)
    for y in 0..<height {
      let (source, target) = (y * rowLength, y * stride)
      for x in 0..<left {
        for channel in 0..<3 {
          padded[target + 3 * x + channel] = Double(samples[source + channel])
        }
      }
      for sample in 0..<rowLength {
        padded[target + 3 * left + sample] = Double(samples[source + sample])
      }
      let last = source + rowLength - 3
      for sample in 3 * left + rowLength..<stride {
        padded[target + sample] = Double(samples[last + (sample - 3 * left) % 3])
      }
    }
    return padded
  }
}
