internal import Foundation
internal import TensorCore

/// Discrete Fourier transforms of any length by splitting it into its prime factors (Cooley and
/// Tukey 1965), in doubles.
struct FourierTransform {
  /// Real and imaginary part.
  typealias Complex = SIMD2<Double>

  private let length: Int
  /// `exp(2 pi i k / length)`.
  private let roots: [Complex]

  init(length: Int) {
    self.length = length
    roots = (0..<length).map { index in
      let angle = 2 * Double.pi * Double(index) / Double(length)
      return Complex(cos(angle), sin(angle))
    }
  }

  /// The inverse transform without its factor `1 / length`.
  func inverse(_ values: [Complex]) -> [Complex] {
    precondition(values.count == length, "as many values as the transform is long")
    return inverse(values, first: 0, step: 1, count: length)
  }

  /// Of the `count` values from `first` on that are `step` apart.
  private func inverse(_ values: [Complex], first: Int, step: Int, count: Int) -> [Complex] {
    if count == 1 { return [values[first]] }
    let factor = Self.smallestFactor(of: count)
    let inner = count / factor
    let parts = (0..<factor).map { part in
      inverse(values, first: first + part * step, step: step * factor, count: inner)
    }
    return [Complex](capacity: count) { output in
      for index in 0..<count {
        var sum = Complex.zero
        for (part, values) in parts.enumerated() {
          sum += Self.product(values[index % inner], roots[part * index * step % length])
        }
        output.append(sum)
      }
    }
  }

  /// The real part of the inverse transform of `spectrum`, `[height, width]`, along both axes,
  /// without its factor.
  static func realInverse(_ spectrum: [Complex], width: Int, height: Int) -> [Double] {
    var values = spectrum
    let (across, down) = (FourierTransform(length: width), FourierTransform(length: height))
    for y in 0..<height {
      let row = y * width..<(y + 1) * width
      values.replaceSubrange(row, with: across.inverse(Array(values[row])))
    }
    var real = [Double](repeating: 0, count: values.count)
    for x in 0..<width {
      let column = down.inverse((0..<height).map { values[$0 * width + x] })
      for y in 0..<height { real[y * width + x] = column[y].x }
    }
    return real
  }

  private static func product(_ a: Complex, _ b: Complex) -> Complex {
    Complex(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
  }

  private static func smallestFactor(of count: Int) -> Int {
    var factor = 2
    while factor * factor <= count {
      if count % factor == 0 { return factor }
      factor += 1
    }
    return count
  }
}
