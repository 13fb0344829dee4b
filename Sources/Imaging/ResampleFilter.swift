internal import Foundation

/// Pillow's resampling filters (`PIL.Image.Resampling`).
public enum ResampleFilter: String, Sendable, CaseIterable {
  case nearest, box, bilinear, bicubic, lanczos

  /// Half the width of the filter, in input pixels where it does not shrink.
  var support: Double {
    switch self {
    case .nearest, .box: 0.5
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos: 3
    }
  }

  /// The filter's weight at a distance of `x`, as Pillow's `Resample.c` computes it.
  func weight(at x: Double) -> Double {
    switch self {
    case .nearest, .box:
      return x > -0.5 && x <= 0.5 ? 1 : 0
    case .bilinear:
      let distance = abs(x)
      return distance < 1 ? 1 - distance : 0
    case .bicubic:
      let (a, distance) = (-0.5, abs(x))
      if distance < 1 { return ((a + 2) * distance - (a + 3)) * distance * distance + 1 }
      if distance < 2 { return (((distance - 5) * distance + 8) * distance - 4) * a }
      return 0
    case .lanczos:
      func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(x * .pi) / (x * .pi) }
      return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0
    }
  }
}

/// Which neighbours each output of a line takes, with fixed-point weights of 22 fractional bits.
struct ResampleWeights {
  private static let one = Double(1 << 22)

  private(set) var starts: [Int32] = []
  private(set) var counts: [Int32] = []
  /// `taps` weights for each output; those beyond its count are 0.
  private(set) var weights: [Int32] = []
  let taps: Int

  /// Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc`.
  ///
  /// - Parameters:
  ///   - inputs: the line's length.
  ///   - from, to: the part of the line that is resampled, in Pillow's single precision.
  ///   - outputs: how many outputs that part becomes.
  ///   - wanted: which of the outputs are computed.
  init(
    inputs: Int, from: Float, to: Float, outputs: Int, wanted: Range<Int>, filter: ResampleFilter
  ) {
    let scale = Double(to - from) / Double(outputs)
    let stretch = max(scale, 1)
    let support = filter.support * stretch
    let inverse = 1 / stretch
    taps = Int(support.rounded(.up)) * 2 + 1
    weights = [Int32](repeating: 0, count: taps * wanted.count)
    var line: [Double] = []
    for output in wanted {
      let center = Double(from) + (Double(output) + 0.5) * scale
      let first = max(0, Int(center - support + 0.5))
      let end = min(inputs, Int(center + support + 0.5))
      line.removeAll(keepingCapacity: true)
      var sum = 0.0
      for input in first..<end {
        let weight = filter.weight(at: (Double(input) - center + 0.5) * inverse)
        line.append(weight)
        sum += weight
      }
      let start = (output - wanted.lowerBound) * taps
      for (tap, weight) in line.enumerated() {
        let share = (sum == 0 ? weight : weight / sum) * Self.one
        weights[start + tap] = Int32(share < 0 ? share - 0.5 : share + 0.5)
      }
      starts.append(Int32(first))
      counts.append(Int32(end - first))
    }
  }
}
