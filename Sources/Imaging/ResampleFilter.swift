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

  /// From `inputs` samples to `outputs`, as Pillow's `precompute_coeffs` and
  /// `normalize_coeffs_8bpc`.
  init(from inputs: Int, to outputs: Int, filter: ResampleFilter) {
    let scale = Double(inputs) / Double(outputs)
    let stretch = max(scale, 1)
    let support = filter.support * stretch
    let inverse = 1 / stretch
    taps = Int(support.rounded(.up)) * 2 + 1
    weights = [Int32](repeating: 0, count: taps * outputs)
    for output in 0..<outputs {
      let center = (Double(output) + 0.5) * scale
      let first = max(0, Int(center - support + 0.5))
      let end = min(inputs, Int(center + support + 0.5))
      var line: [Double] = []
      var sum = 0.0
      for input in first..<end {
        let weight = filter.weight(at: (Double(input) - center + 0.5) * inverse)
        line.append(weight)
        sum += weight
      }
      for (tap, weight) in line.enumerated() {
        let share = (sum == 0 ? weight : weight / sum) * Self.one
        weights[output * taps + tap] = Int32(share < 0 ? share - 0.5 : share + 0.5)
      }
      starts.append(Int32(first))
      counts.append(Int32(end - first))
    }
  }
}
