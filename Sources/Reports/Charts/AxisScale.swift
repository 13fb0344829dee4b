internal import Foundation

/// A linear scale from data to pixels with round tick values.
package struct AxisScale: Sendable {
  package let lower: Double
  package let upper: Double
  package let ticks: [Double]
  /// Decimals that tell the ticks apart.
  package let decimals: Int

  /// - Parameters:
  ///   - values: what has to lie inside.
  ///   - limits: what the axis never leaves, as 0...1 for shares.
  ///   - count: about how many ticks.
  package init(covering values: [Double], limits: ClosedRange<Double>? = nil, count: Int = 5) {
    var low = values.min() ?? 0
    var high = values.max() ?? 1
    if high - low < 1e-9 {
      let margin = max(abs(high) * 0.1, 1e-3)
      (low, high) = (low - margin, high + margin)
    }
    if let limits { (low, high) = (max(low, limits.lowerBound), min(high, limits.upperBound)) }
    if high <= low { (low, high) = (limits?.lowerBound ?? low, limits?.upperBound ?? low + 1) }
    let rough = (high - low) / Double(count)
    let power = pow(10, floor(log10(rough)))
    let step = [1, 2, 5, 10].first { $0 * power >= rough * 0.999 }! * power
    lower = floor(low / step + 1e-9) * step
    upper = ceil(high / step - 1e-9) * step
    let intervals = Int(((upper - lower) / step).rounded())
    let first = lower
    ticks = (0...max(intervals, 1)).map { first + Double($0) * step }
    decimals = max(0, Int(-floor(log10(step) + 1e-9)))
  }

  /// Whole numbers from `first` to `last`, as steps.
  package init(wholeNumbers values: ClosedRange<Double>, count: Int = 5) {
    let span = max(values.upperBound - values.lowerBound, 1)
    let rough = span / Double(count)
    let power = max(pow(10, floor(log10(rough))), 1)
    let step = max([1, 2, 5, 10].first { $0 * power >= rough * 0.999 }! * power, 1)
    lower = values.lowerBound
    upper = max(values.upperBound, values.lowerBound + 1)
    let begin = ceil(lower / step) * step
    let end = upper
    ticks = stride(from: begin, through: end, by: step).map { $0 }
    decimals = 0
  }

  /// 0 at `lower`, 1 at `upper`.
  package func position(_ value: Double) -> Double { (value - lower) / (upper - lower) }
}
