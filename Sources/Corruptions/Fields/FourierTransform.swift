internal import Foundation
internal import TensorCore

/// Discrete Fourier transforms of any length by splitting it into its prime factors, in Stockham's
/// order, which needs no permutation (Van Loan, "Computational Frameworks for the Fast Fourier
/// Transform", 1992, section 1.7), in doubles.
package struct FourierTransform {
  /// Real and imaginary part.
  package typealias Complex = SIMD2<Double>

  private let length: Int
  /// The prime factors of the length in ascending order.
  private let factors: [Int]
  /// `exp(2 pi i k / length)`.
  private let roots: [Complex]

  package init(length: Int) {
    precondition(length > 0, "a transform of at least one value")
    self.length = length
    factors = Self.primeFactors(of: length)
    roots = (0..<length).map { index in
      let angle = 2 * Double.pi * Double(index) / Double(length)
      return Complex(cos(angle), sin(angle))
    }
  }

  /// The inverse transforms, without their factor `1 / length`, of the columns of `values`,
  /// `[length, columns]`, in place.
  ///
  /// - Parameter scratch: as long as `values`; what it holds is lost.
  package func invertColumns(_ values: inout [Complex], scratch: inout [Complex]) {
    precondition(values.count % length == 0 && scratch.count == values.count, "whole columns")
    var stride = values.count / length
    var rest = length
    for factor in factors {
      if factor == 2 {
        pairStage(values.span, rest: rest, stride: stride, into: &scratch)
      } else {
        stage(factor, values.span, rest: rest, stride: stride, into: &scratch)
      }
      swap(&values, &scratch)
      rest /= factor
      stride *= factor
    }
  }

  /// Transforms by `factor` what is left of the length, `rest`; of the values, `[factor,
  /// rest / factor, stride]`, makes `[rest / factor, factor, stride]`.
  private func stage(
    _ factor: Int, _ source: Span<Complex>, rest: Int, stride: Int, into result: inout [Complex]
  ) {
    var target = result.mutableSpan
    let inner = rest / factor
    // One period of the roots of this stage and of its twiddle factors.
    let (turn, twiddle) = (length / factor, length / rest)
    for place in 0..<inner {
      for output in 0..<factor {
        let rotation = roots[place * output * twiddle % length]
        let first = (place * factor + output) * stride
        for column in 0..<stride {
          var sum = source[place * stride + column]
          for part in 1..<factor {
            sum += Self.product(
              source[(part * inner + place) * stride + column], roots[part * output % factor * turn]
            )
          }
          target[first + column] = Self.product(sum, rotation)
        }
      }
    }
  }

  /// `stage` for the factor 2, which needs but a sum and a difference.
  private func pairStage(
    _ source: Span<Complex>, rest: Int, stride: Int, into result: inout [Complex]
  ) {
    var target = result.mutableSpan
    let inner = rest / 2
    for place in 0..<inner {
      let rotation = roots[place * (length / rest)]
      for column in 0..<stride {
        let a = source[place * stride + column]
        let b = source[(place + inner) * stride + column]
        target[2 * place * stride + column] = a + b
        target[(2 * place + 1) * stride + column] = Self.product(a - b, rotation)
      }
    }
  }

  /// The real part of the inverse transform of `spectrum`, `[height, width]`, along both axes,
  /// without its factor.
  package static func realInverse(_ spectrum: [Complex], width: Int, height: Int) -> [Double] {
    var values = spectrum
    var scratch = [Complex](repeating: .zero, count: values.count)
    FourierTransform(length: height).invertColumns(&values, scratch: &scratch)
    transpose(values.span, rows: height, columns: width, into: &scratch)
    FourierTransform(length: width).invertColumns(&scratch, scratch: &values)
    let result = scratch.span
    return [Double](capacity: values.count) { output in
      for y in 0..<height {
        for x in 0..<width { output.append(result[x * height + y].x) }
      }
    }
  }

  private static func transpose(
    _ values: Span<Complex>, rows: Int, columns: Int, into result: inout [Complex]
  ) {
    var target = result.mutableSpan
    for row in 0..<rows {
      for column in 0..<columns { target[column * rows + row] = values[row * columns + column] }
    }
  }

  @inline(__always)
  private static func product(_ a: Complex, _ b: Complex) -> Complex {
    Complex(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
  }

  private static func primeFactors(of count: Int) -> [Int] {
    var (factors, rest, factor): ([Int], Int, Int) = ([], count, 2)
    while factor * factor <= rest {
      while rest % factor == 0 {
        factors.append(factor)
        rest /= factor
      }
      factor += 1
    }
    return rest > 1 ? factors + [rest] : factors
  }
}
