internal import Foundation

/// A mean accuracy, or a difference of two, with what is known of its uncertainty. Shares, 0 to 1
/// (differences -1 to 1).
package struct Estimate: Hashable, Sendable {
  package var value: Double
  /// The 95 % interval over images, where every part of the mean has one.
  package var low: Double?
  package var high: Double?
  /// The standard deviation over seeds (n - 1), where there are two or more.
  package var deviation: Double?
  package var seeds = 1

  package init(_ value: Double, low: Double? = nil, high: Double? = nil) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// The mean over sets of images that were drawn apart, as test sets of several tasks.
  ///
  /// The distances `d_i` of the ends of the intervals from their means combine as errors of
  /// independent means do: the end of the mean of K is `sqrt(sum d_i^2) / K` away from it.
  package static func mean(independent parts: [Estimate]) -> Estimate? {
    guard !parts.isEmpty else { return nil }
    let count = Double(parts.count)
    var mean = Estimate(parts.map(\.value).reduce(0, +) / count)
    func distance(_ end: (Estimate) -> Double?) -> Double? {
      var squares = 0.0
      for part in parts {
        guard let end = end(part) else { return nil }
        squares += (end - part.value) * (end - part.value)
      }
      return squares.squareRoot() / count
    }
    mean.low = distance(\.low).map { mean.value - $0 }
    mean.high = distance(\.high).map { mean.value + $0 }
    return mean
  }

  /// The mean over seeds. They share their images, so the errors of their intervals don't average
  /// out: the ends are the means of the ends.
  package static func mean(overSeeds parts: [Estimate]) -> Estimate? {
    guard !parts.isEmpty else { return nil }
    let count = Double(parts.count)
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / count }
    func end(_ ends: [Double?]) -> Double? {
      let known = ends.compactMap { $0 }
      return known.count == parts.count ? mean(known) : nil
    }
    var result = Estimate(mean(parts.map(\.value)))
    result.low = end(parts.map(\.low))
    result.high = end(parts.map(\.high))
    result.seeds = parts.count
    if parts.count > 1 {
      let squares = parts.map { ($0.value - result.value) * ($0.value - result.value) }
      result.deviation = (squares.reduce(0, +) / (count - 1)).squareRoot()
    }
    return result
  }

  /// `left - right` of results whose errors are taken for independent. Of two results on the same
  /// images the true interval is narrower.
  package static func difference(_ left: Estimate, _ right: Estimate) -> Estimate {
    var result = Estimate(left.value - right.value)
    func distance(_ near: Double?, _ far: Double?) -> Double? {
      guard let near, let far else { return nil }
      let (a, b) = (near - left.value, far - right.value)
      return (a * a + b * b).squareRoot()
    }
    result.low = distance(left.low, right.high).map { result.value - $0 }
    result.high = distance(left.high, right.low).map { result.value + $0 }
    return result
  }
}
